using System.Runtime.InteropServices;
using Hypercompress.Models.Kernels.Matrices;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer.Weights;

/// <summary>Packs floating-point matrices in 16 bits where these hold them.</summary>
public static class FloatPacking
{
    private const double LargestHalf = 65504;

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
        Tensor stored = plain.dtype is ScalarType.Float16 or ScalarType.BFloat16
            ? plain
            : Narrow(plain.to(ScalarType.Float32), rounds);
        FloatKind kind = stored.dtype switch
        {
            ScalarType.Float16 => FloatKind.Half,
            ScalarType.BFloat16 => FloatKind.Brain,
            _ => FloatKind.Single,
        };
        return PackedMatrices.FromFloats(
            kind, checked((int)stored.shape[0]), checked((int)stored.shape[1]),
            (row, bytes) =>
            {
                using Tensor one = stored[row];
                one.bytes.CopyTo(bytes);
            });
    }

    private static Tensor Narrow(Tensor values, bool rounds)
    {
        ScalarType[] types = [ScalarType.BFloat16, ScalarType.Float16];
        Tensor? exact = types.Select(type => values.to(type)).FirstOrDefault(
            narrow => MemoryMarshal.Cast<byte, uint>(narrow.to(ScalarType.Float32).bytes)
                .SequenceEqual(MemoryMarshal.Cast<byte, uint>(values.bytes)));
        return exact ?? (rounds && values.abs().max().item<float>() <= LargestHalf
            ? values.to(ScalarType.Float16)
            : values);
    }
}
