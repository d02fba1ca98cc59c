using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.NumberFormats;

/// <summary>
/// Reads tensors whose name, type and shape are known beforehand; the header is checked before any data is read.
/// </summary>
/// <param name="source">Source of the tensors.</param>
/// <param name="file">The file to name when a tensor is missing.</param>
public sealed class BlockReader(ITensorSource source, string file)
{
    /// <summary>Reads a tensor, on the CPU.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">Its type: uint8, float16, bfloat16 or float32.</param>
    /// <param name="shape">Its shape.</param>
    /// <returns>The tensor, in the caller's dispose scope.</returns>
    /// <exception cref="CheckpointException">It is missing or of another type or shape.</exception>
    public Tensor Read(string name, ScalarType type, ReadOnlySpan<long> shape)
    {
        Require(name, type, shape);
        return source.Read(name);
    }

    /// <summary>Reads the stored bytes of a tensor.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">Its type, as in <see cref="Read"/>.</param>
    /// <param name="shape">Its shape.</param>
    /// <returns>All bytes.</returns>
    /// <exception cref="CheckpointException">It is missing or of another type or shape.</exception>
    public byte[] ReadBytes(string name, ScalarType type, ReadOnlySpan<long> shape)
    {
        TensorInfo info = Require(name, type, shape);
        var bytes = new byte[info.ByteLength];
        if (!source.TryReadBytes(name, bytes))
        {
            using Tensor read = source.Read(name);
            read.bytes.CopyTo(bytes);
        }

        return bytes;
    }

    private TensorInfo Require(string name, ScalarType type, ReadOnlySpan<long> shape)
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
                $"tensor {name} should be {NameOf(type)} {Text(shape)}, found {info.DataType} "
                + $"{Text(info.Shape.AsSpan())}; the configuration and the tensors do not belong together");
        }

        return info;
    }

    /// <summary>Reads a tensor of floating-point numbers.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">Its type: float16, bfloat16 or float32.</param>
    /// <param name="shape">Its shape.</param>
    /// <returns>The tensor, in the caller's dispose scope.</returns>
    /// <exception cref="CheckpointException">
    /// It is missing, of another type or shape, or holds NaN or infinity.
    /// </exception>
    public Tensor ReadFinite(string name, ScalarType type, ReadOnlySpan<long> shape)
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

    /// <summary>A failure that names the file.</summary>
    /// <param name="problem">What is wrong, with the name of the tensor.</param>
    /// <param name="cause">What was caught, or null.</param>
    /// <returns>The exception to throw.</returns>
    public CheckpointException Fail(string problem, Exception? cause = null) => new(file, problem, cause);

    private static string NameOf(ScalarType type) => type switch
    {
        ScalarType.Byte => "U8",
        ScalarType.Float16 => "F16",
        ScalarType.BFloat16 => "BF16",
        _ => "F32",
    };

    private static string Text(ReadOnlySpan<long> shape) => $"[{string.Join(", ", shape.ToArray())}]";
}
