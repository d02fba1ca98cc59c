using System.Buffers.Binary;

namespace Hypercompress.Models.Checkpoints.Gguf.Blocks.Decoders;

/// <summary>Q8_K: a float d, 256 signed bytes, and sums that decoding does not need.</summary>
internal sealed class GgmlQ8KDecoder() : GgmlBlockDecoder(GgmlBlock.Large, 292)
{
    /// <inheritdoc/>
    protected override void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        float scale = BinaryPrimitives.ReadSingleLittleEndian(block);
        for (int j = 0; j < values.Length; j++)
        {
            values[j] = scale * (sbyte)block[4 + j];
        }
    }
}
