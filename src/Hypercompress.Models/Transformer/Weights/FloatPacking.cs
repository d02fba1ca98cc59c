using System.Runtime.InteropServices;
using Hypercompress.Models.Kernels.Matrices;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer.Weights;

/// <summary>Packs floating-point matrices in the fewest bits that hold them.</summary>
internal static class FloatPacking
{
    /// <summary>Packs a matrix of any form by its values.</summary>
    /// <param name="matrix">The matrix.</param>
    public static PackedMatrix Pack(WeightMatrix matrix)
    {
        using var noGrad = no_grad();
        using Tensor values = matrix.Materialize();
        return Pack(values);
    }

    /// <summary>
    /// Packs values: bfloat16 or half precision where these hold them exactly, or the values come from that type.
    /// </summary>
    /// <param name="values">Floating point [rows, columns]; stays the caller's.</param>
    public static PackedMatrix Pack(Tensor values)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor plain = values.detach().cpu().contiguous();
        Tensor stored = plain.dtype is ScalarType.Float32 ? Narrow(plain)
            : plain.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? plain
            : plain.to(ScalarType.Float32);
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

    private static Tensor Narrow(Tensor values)
    {
        ScalarType[] types = [ScalarType.BFloat16, ScalarType.Float16];
        return types.Select(type => values.to(type)).FirstOrDefault(
            narrow => MemoryMarshal.Cast<byte, uint>(narrow.to(ScalarType.Float32).bytes)
                .SequenceEqual(MemoryMarshal.Cast<byte, uint>(values.bytes))) ?? values;
    }
}
