using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Hypercompress.Models.Checkpoints.Gguf.Blocks.Decoders;

/// <summary>Decodes blocks of a fixed number of elements and bytes, one after the other.</summary>
/// <param name="blockElements">Elements of a block.</param>
/// <param name="blockBytes">Their stored bytes.</param>
internal abstract class GgmlBlockDecoder(int blockElements, int blockBytes) : BlockDecoder
{
    /// <inheritdoc/>
    public sealed override void Decode(ReadOnlySpan<byte> stored, Span<byte> values)
    {
        var floats = MemoryMarshal.Cast<byte, float>(values);
        for (; stored.Length > 0; stored = stored[blockBytes..], floats = floats[blockElements..])
        {
            DecodeBlock(stored[..blockBytes], floats[..blockElements]);
        }
    }

    /// <summary>Decodes one block.</summary>
    /// <param name="block">Its bytes.</param>
    /// <param name="values">Its values.</param>
    protected abstract void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values);

    /// <summary>Reads a half-precision number.</summary>
    /// <param name="bytes">Starts with it, little-endian.</param>
    /// <returns>Its value.</returns>
    protected static float ReadHalf(ReadOnlySpan<byte> bytes) => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes);
}
