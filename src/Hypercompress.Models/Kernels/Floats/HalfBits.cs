using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypercompress.Models.Kernels.Floats;

/// <summary>Half-precision numbers as vectors of single-precision ones.</summary>
internal static class HalfBits
{
    // 2¹¹²: what the exponents of the two formats differ by.
    private const float Rebias = 5.192296858534828e33f;

    /// <summary>Widens finite numbers, exactly.</summary>
    /// <param name="halves">Eight numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector256<float> Widen(ushort* halves)
    {
        Vector128<ushort> stored = Vector128.Load(halves);
        Vector256<uint> bits = Vector256.Create(Vector128.WidenLower(stored), Vector128.WidenUpper(stored));
        Vector256<uint> magnitude = (bits & Vector256.Create(0x7fffu)) << 13;
        Vector256<uint> sign = (bits & Vector256.Create(0x8000u)) << 16;
        Vector256<float> scaled = magnitude.AsSingle() * Vector256.Create(Rebias);
        return (scaled.AsUInt32() | sign).AsSingle();
    }

    /// <summary>Widens bfloat16 numbers.</summary>
    /// <param name="numbers">Eight numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector256<float> WidenBrain(ushort* numbers)
    {
        Vector128<ushort> stored = Vector128.Load(numbers);
        Vector256<uint> bits = Vector256.Create(Vector128.WidenLower(stored), Vector128.WidenUpper(stored));
        return (bits << 16).AsSingle();
    }

    /// <summary>The nearest half-precision number, at most the largest finite one.</summary>
    public static ushort Round(float value) =>
        BitConverter.HalfToUInt16Bits((Half)Math.Clamp(value, (float)Half.MinValue, (float)Half.MaxValue));

    /// <summary>Widens one number.</summary>
    public static float Widen(ushort bits) => (float)BitConverter.UInt16BitsToHalf(bits);
}
