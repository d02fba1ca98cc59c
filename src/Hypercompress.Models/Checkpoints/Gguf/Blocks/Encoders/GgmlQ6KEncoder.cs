using System.Buffers.Binary;
using Hypercompress.Models.Checkpoints.Gguf.Blocks.Decoders;

namespace Hypercompress.Models.Checkpoints.Gguf.Blocks.Encoders;

/// <summary>
/// Q6_K, as <see cref="GgmlQ6KDecoder"/> reads it. Once the half-precision number is rounded, the neighbours of each
/// small scale are tried too, and the one with the least squared error is kept.
/// </summary>
internal sealed class GgmlQ6KEncoder() : GgmlSuperBlockEncoder(210)
{
    private const int Part = 16;
    private const int Parts = GgmlBlock.Large / Part;
    private const int Levels = 32;

    /// <inheritdoc/>
    protected override void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<float> spacings = stackalloc float[Parts];
        float largest = 0;
        for (int part = 0; part < Parts; part++)
        {
            spacings[part] = GridFit.Symmetric(values.Slice(part * Part, Part), Levels);
            largest = MathF.Abs(spacings[part]) > MathF.Abs(largest) ? spacings[part] : largest;
        }

        // The largest becomes −128, the end of the range of a signed byte that reaches farther.
        var unit = (Half)(largest / sbyte.MinValue);
        BinaryPrimitives.WriteHalfLittleEndian(block[208..], unit);
        for (int part = 0; part < Parts; part++)
        {
            ReadOnlySpan<float> own = values.Slice(part * Part, Part);
            int small = unit == Half.Zero ? 0 : Choose(own, (float)unit, spacings[part]);
            block[192 + part] = (byte)(sbyte)small;
            WriteCodes(own, (float)unit * small, block, part);
        }
    }

    private static int Choose(ReadOnlySpan<float> values, float unit, float spacing)
    {
        int middle = GridFit.Code(spacing / unit, sbyte.MinValue, sbyte.MaxValue);
        (int small, float least) = (middle, float.PositiveInfinity);
        for (int s = Math.Max(middle - 1, sbyte.MinValue); s <= Math.Min(middle + 1, sbyte.MaxValue); s++)
        {
            float error = Error(values, unit * s);
            (small, least) = error < least ? (s, error) : (small, least);
        }

        return small;
    }

    private static float Error(ReadOnlySpan<float> values, float step)
    {
        (float inverse, float error) = (step == 0 ? 0 : 1 / step, 0);
        foreach (float value in values)
        {
            float difference = (step * GridFit.Code(value * inverse, -Levels, Levels - 1)) - value;
            error += difference * difference;
        }

        return error;
    }

    private static void WriteCodes(ReadOnlySpan<float> values, float step, Span<byte> block, int part)
    {
        float inverse = step == 0 ? 0 : 1 / step;
        (int half, int quarter, int first) = (part / 8, part % 8 / 2, part % 2 * Part);
        Span<byte> low = block.Slice((64 * half) + (quarter % 2 * 32) + first, Part);
        Span<byte> high = block.Slice(128 + (32 * half) + first, Part);
        for (int l = 0; l < Part; l++)
        {
            int code = Levels + GridFit.Code(values[l] * inverse, -Levels, Levels - 1);
            low[l] |= (byte)((code & 15) << (quarter / 2 * 4));
            high[l] |= (byte)(code >> 4 << (2 * quarter));
        }
    }
}
