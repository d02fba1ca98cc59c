using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.NumberFormats;

/// <summary>
/// Reads tensors whose name, type and shape are known beforehand; the header is checked before any data is read.
/// </summary>
/// <param name="source">Where the tensors are.</param>
/// <param name="file">The file to name when a tensor is missing.</param>
internal sealed class BlockReader(ITensorSource source, string file)
{
    /// <summary>Reads a tensor, on the CPU.</summary>
    /// <exception cref="CheckpointException">It is missing or of another type or shape.</exception>
    internal Tensor Read(string name, ScalarType type, ReadOnlySpan<long> shape)
    {
        if (!source.Tensors.TryGetValue(name, out TensorInfo? info))
        {
            throw new CheckpointException(
                file, $"tensor {name} is missing; it should be {NameOf(type)} {Text(shape)}. The file is not complete");
        }

        if (info.DataType != NameOf(type) || !info.Shape.AsSpan().SequenceEqual(shape))
        {
            throw new CheckpointException(
                info.File,
                $"tensor {name} should be {NameOf(type)} {Text(shape)}, "
                + $"found {info.DataType} {Text(info.Shape.AsSpan())}; "
                + "the configuration and the tensors do not belong together");
        }

        return source.Read(name);
    }

    /// <summary>Reads a tensor of floating-point numbers.</summary>
    /// <exception cref="CheckpointException">
    /// It is missing, of another type or shape, or holds NaN or infinity.
    /// </exception>
    internal Tensor ReadFinite(string name, ScalarType type, ReadOnlySpan<long> shape)
    {
        var tensor = Read(name, type, shape);
        using var finite = tensor.isfinite();
        using var all = finite.all();
        if (!all.ToBoolean())
        {
            tensor.Dispose();
            throw new CheckpointException(source.Tensors[name].File, $"tensor {name} holds NaN or infinity");
        }

        return tensor;
    }

    private static string NameOf(ScalarType type) => type switch
    {
        ScalarType.Byte => "U8",
        ScalarType.Float16 => "F16",
        ScalarType.BFloat16 => "BF16",
        _ => "F32",
    };

    private static string Text(ReadOnlySpan<long> shape) => $"[{string.Join(", ", shape.ToArray())}]";
}
