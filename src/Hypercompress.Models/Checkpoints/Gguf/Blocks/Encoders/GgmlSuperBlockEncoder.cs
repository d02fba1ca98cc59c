namespace Hypercompress.Models.Checkpoints.Gguf.Blocks.Encoders;

/// <summary>
/// The K family: 256 elements share half-precision numbers, and parts of them share small integer scales.
/// </summary>
/// <param name="blockBytes">Stored bytes of 256 elements.</param>
internal abstract class GgmlSuperBlockEncoder(int blockBytes) : BlockEncoder
{
    /// <inheritdoc/>
    public sealed override void Encode(ReadOnlySpan<float> values, Span<byte> stored)
    {
        for (; values.Length > 0; values = values[GgmlBlock.Large..], stored = stored[blockBytes..])
        {
            Span<byte> block = stored[..blockBytes];
            block.Clear();
            EncodeBlock(values[..GgmlBlock.Large], block);
        }
    }

    /// <summary>Encodes one block.</summary>
    /// <param name="values">Its 256 values.</param>
    /// <param name="block">Its bytes, all 0.</param>
    protected abstract void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block);
}
