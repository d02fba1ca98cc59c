using System.Buffers.Binary;

namespace Hypercompress.Models.Checkpoints.Gguf.Blocks.Decoders;

/// <summary>
/// IQ4_XS: the levels of IQ4_NL with a 6-bit scale s for every 32 elements: d (s − 32). Layout: half d, eight times two
/// upper scale bits, eight times four lower ones, 128 bytes of codes.
/// </summary>
internal sealed class GgmlIq4XsDecoder() : GgmlBlockDecoder(GgmlBlock.Large, 136)
{
    private const int Half = 16;

    /// <inheritdoc/>
    protected override void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        float scale = ReadHalf(block);
        int upper = BinaryPrimitives.ReadUInt16LittleEndian(block[2..]);
        for (int part = 0; part < 8; part++)
        {
            int lower = block[4 + (part / 2)] >> (4 * (part % 2));
            float step = scale * (((lower & 15) | (((upper >> (2 * part)) & 3) << 4)) - 32);
            var codes = block.Slice(8 + (Half * part), Half);
            var target = values.Slice(2 * Half * part, 2 * Half);
            for (int j = 0; j < Half; j++)
            {
                target[j] = step * GgmlLevels.Uneven[codes[j] & 15];
                target[j + Half] = step * GgmlLevels.Uneven[codes[j] >> 4];
            }
        }
    }
}
