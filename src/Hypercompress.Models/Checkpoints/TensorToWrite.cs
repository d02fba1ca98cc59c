using System.Collections.Immutable;
using static TorchSharp.torch;

namespace Hypercompress.Models.Checkpoints;

/// <summary>A tensor that is made only when its turn to be written comes.</summary>
/// <param name="Name">Its name in the checkpoint.</param>
/// <param name="Type">Its element type, one that checkpoints store as it is.</param>
/// <param name="Shape">Its dimensions; empty for a scalar.</param>
/// <param name="Produce">Makes the values, of that type and shape, on any device; the writer disposes them.</param>
public sealed record TensorToWrite(string Name, ScalarType Type, ImmutableArray<long> Shape, Func<Tensor> Produce)
{
    /// <summary>Describes a tensor that exists already; the writer leaves it alive.</summary>
    /// <param name="name">Its name in the checkpoint.</param>
    /// <param name="value">The tensor; owned by the caller.</param>
    /// <returns>The description.</returns>
    public static TensorToWrite From(string name, Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new TensorToWrite(name, value.dtype, [.. value.shape], () => value.detach());
    }

    /// <summary>Bytes of the data.</summary>
    public long ByteLength
    {
        get
        {
            using Tensor none = empty(0, dtype: Type);
            return Shape.Aggregate(none.element_size(), (bytes, size) => bytes * size);
        }
    }

    /// <summary>Makes the values and writes their bytes, row-major and little-endian.</summary>
    /// <param name="stream">Where to.</param>
    /// <exception cref="InvalidOperationException">
    /// The tensor that was made has another type or shape than was declared.
    /// </exception>
    internal void WriteTo(Stream stream)
    {
        using var noGrad = no_grad();
        using var produced = Produce();
        if (produced.dtype != Type || !produced.shape.AsSpan().SequenceEqual(Shape.AsSpan()))
        {
            throw new InvalidOperationException(
                $"tensor '{Name}' was declared {Type} [{string.Join(", ", Shape)}], but {produced.dtype} "
                + $"[{string.Join(", ", produced.shape)}] was made");
        }

        using var onCpu = produced.cpu();
        using var values = onCpu.contiguous();
        TensorBytes.ForEachChunk(values, TensorBytes.LargestChunk, (_, bytes) => stream.Write(bytes));
    }
}
