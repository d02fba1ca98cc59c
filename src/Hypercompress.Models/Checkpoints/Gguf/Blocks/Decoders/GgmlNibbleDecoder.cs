using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Hypercompress.Models.Checkpoints.Gguf.Blocks.Decoders;

/// <summary>
/// Q4_0, Q4_1, Q5_0 and Q5_1: 32 elements share a half-precision scale and, in the _1 forms, a half-precision minimum.
/// Byte j holds the low four bits of element j in its lower and of element j + 16 in its upper half; the fifth bits
/// stand before them as one 32-bit word, bit j for element j.
/// </summary>
/// <param name="hasMinimum">Whether values are q·d + m (_1); else (q − half of the range)·d (_0).</param>
/// <param name="hasFifthBit">Whether codes have five bits.</param>
internal sealed class GgmlNibbleDecoder(bool hasMinimum, bool hasFifthBit) : BlockDecoder
{
    private const int Half = GgmlBlock.Small / 2;

    private readonly int _codesAt = 2 + (hasMinimum ? 2 : 0) + (hasFifthBit ? 4 : 0);

    /// <inheritdoc/>
    public override void Decode(ReadOnlySpan<byte> stored, Span<byte> values)
    {
        var floats = MemoryMarshal.Cast<byte, float>(values);
        int blockBytes = _codesAt + Half;
        for (; stored.Length > 0; stored = stored[blockBytes..], floats = floats[GgmlBlock.Small..])
        {
            DecodeBlock(stored[..blockBytes], floats[..GgmlBlock.Small]);
        }
    }

    private void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        float scale = (float)BinaryPrimitives.ReadHalfLittleEndian(block);
        float minimum = hasMinimum ? (float)BinaryPrimitives.ReadHalfLittleEndian(block[2..]) : 0f;
        int center = hasMinimum ? 0 : hasFifthBit ? 16 : 8;
        uint fifth = hasFifthBit ? BinaryPrimitives.ReadUInt32LittleEndian(block[(_codesAt - 4)..]) : 0;
        var codes = block[_codesAt..];
        var low = values[..Half];
        var high = values[Half..];
        for (int j = 0; j < Half; j++)
        {
            int lowCode = (codes[j] & 15) | ((int)((fifth >> j) & 1) << 4);
            int highCode = (codes[j] >> 4) | ((int)((fifth >> (j + Half)) & 1) << 4);
            low[j] = ((lowCode - center) * scale) + minimum;
            high[j] = ((highCode - center) * scale) + minimum;
        }
    }
}
