using System.Collections.Immutable;

namespace Hypercompress.Models.Checkpoints;

/// <summary>The entry of one tensor in a checkpoint, before any of its data is read.</summary>
/// <param name="Name">Name in the checkpoint.</param>
/// <param name="DataType">
/// Stored type as the format spells it: <c>F32</c>, <c>BF16</c>, <c>F8_E4M3</c>, <c>Q4_K</c>, ….
/// </param>
/// <param name="Shape">Row-major shape, outermost dimension first; empty for a scalar.</param>
/// <param name="ByteLength">Bytes of its data in the file.</param>
/// <param name="File">Path of the file that holds it.</param>
public sealed record TensorInfo(
    string Name, string DataType, ImmutableArray<long> Shape, long ByteLength, string File)
{
    /// <summary>Number of elements.</summary>
    public long ElementCount => Shape.Aggregate(1L, (product, size) => checked(product * size));
}
