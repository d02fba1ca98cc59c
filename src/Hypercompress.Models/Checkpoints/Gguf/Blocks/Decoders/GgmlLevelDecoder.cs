namespace Hypercompress.Models.Checkpoints.Gguf.Blocks.Decoders;

/// <summary>
/// IQ4_NL, MXFP4 and NVFP4: 4-bit codes for uneven levels. Each group of elements has a scale; the scales come before
/// the codes of the block; byte j of a group holds its element j in the lower and its element j + half of the group in
/// the upper half.
/// </summary>
/// <param name="groups">Groups of a block.</param>
/// <param name="groupElements">Elements of a group.</param>
/// <param name="scaleBytes">Bytes of a scale.</param>
/// <param name="scale">Reads a scale.</param>
/// <param name="levels">Values of the 16 codes, in units of the scale.</param>
internal sealed class GgmlLevelDecoder(
    int groups, int groupElements, int scaleBytes, Func<ReadOnlySpan<byte>, float> scale, sbyte[] levels)
    : GgmlBlockDecoder(groups * groupElements, groups * (scaleBytes + (groupElements / 2)))
{
    /// <inheritdoc/>
    protected override void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        int half = groupElements / 2;
        for (int group = 0; group < groups; group++)
        {
            float step = scale(block.Slice(group * scaleBytes, scaleBytes));
            var codes = block.Slice((groups * scaleBytes) + (group * half), half);
            var low = values.Slice(group * groupElements, half);
            var high = values.Slice((group * groupElements) + half, half);
            for (int j = 0; j < half; j++)
            {
                low[j] = step * levels[codes[j] & 15];
                high[j] = step * levels[codes[j] >> 4];
            }
        }
    }
}
