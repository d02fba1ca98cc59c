using System.Buffers.Binary;
using Hypercompress.Models.Checkpoints.Gguf.Blocks.Decoders;

namespace Hypercompress.Models.Checkpoints.Gguf.Blocks.Encoders;

/// <summary>
/// Q8_0, as <see cref="GgmlByteDecoder"/> reads it; codes are rounded against the scale that is stored.
/// </summary>
internal sealed class GgmlByteEncoder : BlockEncoder
{
    private const int BlockBytes = 2 + GgmlBlock.Small;
    private const int Largest = 127;

    /// <inheritdoc/>
    public override void Encode(ReadOnlySpan<float> values, Span<byte> stored)
    {
        for (; values.Length > 0; values = values[GgmlBlock.Small..], stored = stored[BlockBytes..])
        {
            EncodeBlock(values[..GgmlBlock.Small], stored[..BlockBytes]);
        }
    }

    private static void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        float peak = 0;
        foreach (float value in values)
        {
            peak = MathF.Max(peak, MathF.Abs(value));
        }

        var scale = (Half)(peak / Largest);
        BinaryPrimitives.WriteHalfLittleEndian(block, scale);
        float inverse = scale == Half.Zero ? 0 : 1 / (float)scale;
        for (int j = 0; j < values.Length; j++)
        {
            block[2 + j] = (byte)(sbyte)GridFit.Code(values[j] * inverse, -Largest, Largest);
        }
    }
}
