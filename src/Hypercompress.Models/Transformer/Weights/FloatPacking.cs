using Hypercompress.Models.Kernels.Matrices;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer.Weights;

/// <summary>Packs floating-point matrices in 16 bits where these hold them.</summary>
public static class FloatPacking
{
    /// <summary>Packs values.</summary>
    /// <param name="values">Floating point [rows, columns]; stays the caller's.</param>
    /// <param name="rounds">
    /// Whether values that neither bfloat16 nor half precision hold exactly are rounded to half precision; otherwise
    /// they stay float32. Values beyond half precision always stay float32.
    /// </param>
    /// <returns>A matrix that the caller disposes.</returns>
    public static PackedMatrix Pack(Tensor values, bool rounds)
    {
        ArgumentNullException.ThrowIfNull(values);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor plain = values.detach().cpu().contiguous();
        Tensor stored = plain.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? plain : plain.to(ScalarType.Float32);
        (int rows, int columns) = (checked((int)stored.shape[0]), checked((int)stored.shape[1]));
        return stored.dtype switch
        {
            ScalarType.Float16 => PackedMatrices.FromFloats(FloatKind.Half, rows, columns, Read),
            ScalarType.BFloat16 => PackedMatrices.FromFloats(FloatKind.Brain, rows, columns, Read),
            _ => PackedMatrices.FromSingles(rows, columns, Read, rounds),
        };

        void Read(int row, Span<byte> bytes)
        {
            using Tensor one = stored[row];
            one.bytes.CopyTo(bytes);
        }
    }
}
