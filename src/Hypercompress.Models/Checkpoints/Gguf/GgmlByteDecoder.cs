using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Hypercompress.Models.Checkpoints;

/// <summary>Q8_0: 32 signed bytes share a half-precision scale that stands before them.</summary>
internal sealed class GgmlByteDecoder : BlockDecoder
{
    /// <inheritdoc/>
    public override void Decode(ReadOnlySpan<byte> stored, Span<byte> values)
    {
        const int blockBytes = 2 + GgmlTypes.SmallBlock;
        var floats = MemoryMarshal.Cast<byte, float>(values);
        for (; stored.Length > 0; stored = stored[blockBytes..], floats = floats[GgmlTypes.SmallBlock..])
        {
            float scale = (float)BinaryPrimitives.ReadHalfLittleEndian(stored);
            var codes = MemoryMarshal.Cast<byte, sbyte>(stored[2..blockBytes]);
            var block = floats[..GgmlTypes.SmallBlock];
            for (int j = 0; j < codes.Length; j++)
            {
                block[j] = codes[j] * scale;
            }
        }
    }
}
