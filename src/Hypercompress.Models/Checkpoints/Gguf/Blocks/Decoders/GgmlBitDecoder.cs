namespace Hypercompress.Models.Checkpoints.Gguf.Blocks.Decoders;

/// <summary>
/// Codes of few bits around zero with one half-precision scale: d (q − z). TQ2_0 has runs of 32 bytes whose lowest bits
/// come first, the scale last; Q1_0 and Q2_0 have their scale first and their elements in order.
/// </summary>
/// <param name="elements">Elements of a block.</param>
/// <param name="bits">Bits of a code.</param>
/// <param name="runBytes">Bytes whose codes at the same place follow each other.</param>
/// <param name="isScaleLast">Whether the scale follows the codes.</param>
/// <param name="levels">The values of the codes, before scaling.</param>
internal sealed class GgmlBitDecoder(int elements, int bits, int runBytes, bool isScaleLast, sbyte[] levels)
    : GgmlBlockDecoder(elements, 2 + (elements * bits / 8))
{
    /// <inheritdoc/>
    protected override void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        int bytes = values.Length * bits / 8;
        float scale = ReadHalf(isScaleLast ? block[bytes..] : block);
        var codes = isScaleLast ? block[..bytes] : block[2..];
        int mask = (1 << bits) - 1;
        int perByte = 8 / bits;
        for (int i = 0; i < bytes; i++)
        {
            (int run, int place) = (i / runBytes, i % runBytes);
            for (int code = 0; code < perByte; code++)
            {
                int at = (run * runBytes * perByte) + (code * runBytes) + place;
                values[at] = scale * levels[(codes[i] >> (bits * code)) & mask];
            }
        }
    }
}
