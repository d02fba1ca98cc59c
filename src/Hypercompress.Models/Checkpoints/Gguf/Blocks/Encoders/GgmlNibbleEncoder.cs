using System.Buffers.Binary;
using Hypercompress.Models.Checkpoints.Gguf.Blocks.Decoders;

namespace Hypercompress.Models.Checkpoints.Gguf.Blocks.Encoders;

/// <summary>Q4_0 and Q5_0, as <see cref="GgmlNibbleDecoder"/> reads them.</summary>
/// <param name="hasFifthBit">Whether codes have five bits.</param>
internal sealed class GgmlNibbleEncoder(bool hasFifthBit) : BlockEncoder
{
    private const int Half = GgmlBlock.Small / 2;

    private readonly int _levels = hasFifthBit ? 16 : 8;
    private readonly int _codesAt = hasFifthBit ? 6 : 2;

    /// <inheritdoc/>
    public override void Encode(ReadOnlySpan<float> values, Span<byte> stored)
    {
        int blockBytes = _codesAt + Half;
        for (; values.Length > 0; values = values[GgmlBlock.Small..], stored = stored[blockBytes..])
        {
            EncodeBlock(values[..GgmlBlock.Small], stored[..blockBytes]);
        }
    }

    private void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        var scale = (System.Half)GridFit.Symmetric(values, _levels);
        BinaryPrimitives.WriteHalfLittleEndian(block, scale);
        float inverse = scale == System.Half.Zero ? 0 : 1 / (float)scale;
        uint fifth = 0;
        for (int j = 0; j < Half; j++)
        {
            int low = _levels + GridFit.Code(values[j] * inverse, -_levels, _levels - 1);
            int high = _levels + GridFit.Code(values[j + Half] * inverse, -_levels, _levels - 1);
            block[_codesAt + j] = (byte)((low & 15) | ((high & 15) << 4));
            fifth |= ((uint)(low >> 4) << j) | ((uint)(high >> 4) << (j + Half));
        }

        if (hasFifthBit)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(block[2..], fifth);
        }
    }
}
