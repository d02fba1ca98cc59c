using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Hypercompress.Models.Checkpoints;

/// <summary>
/// The K family: 256 elements share half-precision numbers, and parts of them share small integer scales.
/// </summary>
/// <param name="blockBytes">Stored bytes of 256 elements.</param>
internal abstract class GgmlSuperBlockDecoder(int blockBytes) : BlockDecoder
{
    /// <inheritdoc/>
    public sealed override void Decode(ReadOnlySpan<byte> stored, Span<byte> values)
    {
        var floats = MemoryMarshal.Cast<byte, float>(values);
        for (; stored.Length > 0; stored = stored[blockBytes..], floats = floats[GgmlTypes.LargeBlock..])
        {
            DecodeBlock(stored[..blockBytes], floats[..GgmlTypes.LargeBlock]);
        }
    }

    /// <summary>Decodes one block.</summary>
    /// <param name="block">Its bytes.</param>
    /// <param name="values">Its 256 values.</param>
    protected abstract void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values);

    /// <summary>Reads a half-precision number.</summary>
    /// <param name="bytes">Starts with it, little-endian.</param>
    /// <returns>Its value.</returns>
    protected static float ReadHalf(ReadOnlySpan<byte> bytes) => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes);
}
