using System.Collections.Immutable;
using Hypercompress.Models.Checkpoints.Gguf.Blocks;
using static TorchSharp.torch;

namespace Hypercompress.Models.Checkpoints.Gguf;

/// <summary>A tensor of a GGUF file that is made only when its turn to be written comes.</summary>
/// <param name="Name">Its name; at most 63 bytes.</param>
/// <param name="Type">How its elements are stored.</param>
/// <param name="Shape">Its dimensions in PyTorch's order; the last a whole number of blocks of the type.</param>
/// <param name="Produce">
/// Makes the values, floating point of that shape, on any device, or the blocks of the type as uint8 [rows, bytes of a
/// row]; the writer disposes them.
/// </param>
internal sealed record GgufTensorToWrite(string Name, GgmlType Type, ImmutableArray<long> Shape, Func<Tensor> Produce)
{
    /// <summary>Whether <see cref="Produce"/> gives blocks; values by default.</summary>
    public bool HasBlocks { get; init; }

    /// <summary>Bytes of its data, without padding.</summary>
    public long ByteLength => GgmlEncoding.Of(Type).Bytes(Shape.Aggregate(1L, (product, size) => product * size));
}
