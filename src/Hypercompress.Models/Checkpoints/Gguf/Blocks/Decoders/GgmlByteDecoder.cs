namespace Hypercompress.Models.Checkpoints.Gguf.Blocks.Decoders;

/// <summary>Q8_0 and Q8_1: 32 signed bytes share a half-precision scale that comes first.</summary>
/// <param name="codesAt">
/// Bytes before the codes; what follows the scale in Q8_1 is a sum that decoding does not need.
/// </param>
internal sealed class GgmlByteDecoder(int codesAt) : GgmlBlockDecoder(GgmlBlock.Small, codesAt + GgmlBlock.Small)
{
    /// <inheritdoc/>
    protected override void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        float scale = ReadHalf(block);
        for (int j = 0; j < values.Length; j++)
        {
            values[j] = (sbyte)block[codesAt + j] * scale;
        }
    }
}
