using System.Runtime.InteropServices;

namespace Hypercompress.Models.Checkpoints.Safetensors;

/// <summary>Widens one-byte floating-point numbers to float32 by a table of all 256 values.</summary>
internal sealed class Float8Decoder : BlockDecoder
{
    private readonly float[] _values;

    private Float8Decoder(Func<int, float> value) => _values = [.. Enumerable.Range(0, 256).Select(value)];

    /// <summary>1 sign, 4 exponent (bias 7) and 3 mantissa bits; no infinity; NaN is S.1111.111.</summary>
    public static Float8Decoder E4M3 { get; } =
        new(code => (code & 0x7F) == 0x7F ? float.NaN : SignedValue(code, mantissaBits: 3, bias: 7));

    /// <summary>1 sign, 5 exponent (bias 15) and 2 mantissa bits: the upper byte of an IEEE half.</summary>
    public static Float8Decoder E5M2 { get; } =
        new(code => (float)BitConverter.UInt16BitsToHalf((ushort)(code << 8)));

    /// <summary>As E4M3 with bias 8; the only NaN is 0x80, and there is no negative zero.</summary>
    public static Float8Decoder E4M3Fnuz { get; } =
        new(code => code == 0x80 ? float.NaN : SignedValue(code, mantissaBits: 3, bias: 8));

    /// <summary>As E5M2 with bias 16; the only NaN is 0x80, there is no infinity and no negative zero.</summary>
    public static Float8Decoder E5M2Fnuz { get; } =
        new(code => code == 0x80 ? float.NaN : SignedValue(code, mantissaBits: 2, bias: 16));

    /// <summary>Powers of two, 2^(code − 127); 0xFF is NaN.</summary>
    public static Float8Decoder E8M0 { get; } =
        new(code => code == 0xFF ? float.NaN : MathF.ScaleB(1f, code - 127));

    /// <inheritdoc/>
    public override void Decode(ReadOnlySpan<byte> stored, Span<byte> values)
    {
        var floats = MemoryMarshal.Cast<byte, float>(values);
        for (int i = 0; i < stored.Length; i++)
        {
            floats[i] = _values[stored[i]];
        }
    }

    private static float SignedValue(int code, int mantissaBits, int bias)
    {
        int exponent = (code & 0x7F) >> mantissaBits;
        int mantissa = code & ((1 << mantissaBits) - 1);
        int significand = exponent == 0 ? mantissa : mantissa | (1 << mantissaBits);
        float magnitude = MathF.ScaleB(significand, Math.Max(exponent, 1) - bias - mantissaBits);
        return code >= 0x80 ? -magnitude : magnitude;
    }
}
