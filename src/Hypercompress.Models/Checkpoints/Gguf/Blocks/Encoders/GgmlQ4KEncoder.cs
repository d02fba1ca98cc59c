using System.Buffers.Binary;
using Hypercompress.Models.Checkpoints.Gguf.Blocks.Decoders;

namespace Hypercompress.Models.Checkpoints.Gguf.Blocks.Encoders;

/// <summary>
/// Q4_K, as <see cref="GgmlQ4KDecoder"/> reads it. Once the two half-precision numbers are rounded, the neighbours of
/// each small scale and minimum are tried too, and the pair with the least squared error is kept.
/// </summary>
internal sealed class GgmlQ4KEncoder() : GgmlSuperBlockEncoder(144)
{
    private const int Part = 32;
    private const int Parts = GgmlBlock.Large / Part;
    private const int LargestSmall = 63;
    private const int LargestCode = 15;

    // Spacing and depth make up for each other; looking one step around leaves 5 % more error than three around.
    private const int Reach = 3;

    /// <inheritdoc/>
    protected override void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<float> spacings = stackalloc float[Parts];
        Span<float> depths = stackalloc float[Parts];
        for (int part = 0; part < Parts; part++)
        {
            (spacings[part], depths[part]) = GridFit.Affine(values.Slice(part * Part, Part), LargestCode);
        }

        float scale = WriteUnit(block, spacings);
        float minimum = WriteUnit(block[2..], depths);
        for (int part = 0; part < Parts; part++)
        {
            ReadOnlySpan<float> own = values.Slice(part * Part, Part);
            (int spacing, int depth) = Choose(own, scale, minimum, spacings[part], depths[part]);
            Pack(block.Slice(4, 12), part, spacing, depth);
            WriteCodes(own, scale * spacing, minimum * depth, block.Slice(16 + (part / 2 * Part), Part), part % 2 * 4);
        }
    }

    // The half-precision number of which each part has a small multiple.
    private static float WriteUnit(Span<byte> bytes, ReadOnlySpan<float> wanted)
    {
        float largest = 0;
        foreach (float value in wanted)
        {
            largest = MathF.Max(largest, value);
        }

        var unit = (Half)(largest / LargestSmall);
        BinaryPrimitives.WriteHalfLittleEndian(bytes, unit);
        return (float)unit;
    }

    private static (int Spacing, int Depth) Choose(
        ReadOnlySpan<float> values, float scale, float minimum, float spacing, float depth)
    {
        int middle = scale == 0 ? 0 : GridFit.Code(spacing / scale, 0, LargestSmall);
        int deep = minimum == 0 ? 0 : GridFit.Code(depth / minimum, 0, LargestSmall);
        (int Spacing, int Depth, float Error) best = (middle, deep, float.PositiveInfinity);
        for (int s = Math.Max(middle - Reach, 0); s <= Math.Min(middle + Reach, LargestSmall); s++)
        {
            for (int m = Math.Max(deep - Reach, 0); m <= Math.Min(deep + Reach, LargestSmall); m++)
            {
                float error = Error(values, scale * s, minimum * m);
                best = error < best.Error ? (s, m, error) : best;
            }
        }

        return (best.Spacing, best.Depth);
    }

    private static float Error(ReadOnlySpan<float> values, float step, float start)
    {
        (float inverse, float error) = (step == 0 ? 0 : 1 / step, 0);
        foreach (float value in values)
        {
            float difference = (step * GridFit.Code((value + start) * inverse, 0, LargestCode)) - start - value;
            error += difference * difference;
        }

        return error;
    }

    private static void WriteCodes(ReadOnlySpan<float> values, float step, float start, Span<byte> codes, int shift)
    {
        float inverse = step == 0 ? 0 : 1 / step;
        for (int l = 0; l < values.Length; l++)
        {
            codes[l] |= (byte)(GridFit.Code((values[l] + start) * inverse, 0, LargestCode) << shift);
        }
    }

    private static void Pack(Span<byte> packed, int j, int spacing, int depth)
    {
        if (j < 4)
        {
            packed[j] |= (byte)spacing;
            packed[j + 4] |= (byte)depth;
            return;
        }

        packed[j + 4] |= (byte)((spacing & 15) | ((depth & 15) << 4));
        packed[j - 4] |= (byte)(spacing >> 4 << 6);
        packed[j] |= (byte)(depth >> 4 << 6);
    }
}
