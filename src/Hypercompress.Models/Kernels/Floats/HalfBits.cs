using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypercompress.Models.Kernels.Floats;

/// <summary>Half-precision numbers as vectors of single-precision ones.</summary>
internal static class HalfBits
{
    // 2¹¹²: what the exponents of the two formats differ by.
    private const float Rebias = 5.192296858534828e33f;

    private const int SignAndMagnitude = unchecked((int)0x8fffe000);

    /// <summary>Widens finite numbers, exactly.</summary>
    /// <param name="halves">Eight numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector256<float> Widen(ushort* halves)
    {
        // The sign fills the upper half: shifted, it stays at the top, and what it leaves below is masked.
        Vector128<short> stored = Vector128.Load((short*)halves);
        Vector256<int> bits = Vector256.WidenLower(stored.ToVector256Unsafe()) << 13;
        return (bits & Vector256.Create(SignAndMagnitude)).AsSingle() * Vector256.Create(Rebias);
    }

    /// <summary>Widens bfloat16 numbers.</summary>
    /// <param name="numbers">Eight numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector256<float> WidenBrain(ushort* numbers)
    {
        Vector256<uint> bits = Vector256.WidenLower(Vector128.Load(numbers).ToVector256Unsafe());
        return (bits << 16).AsSingle();
    }

    /// <summary>The nearest half-precision number, at most the largest finite one.</summary>
    public static ushort Round(float value) =>
        BitConverter.HalfToUInt16Bits((Half)Math.Clamp(value, (float)Half.MinValue, (float)Half.MaxValue));

    /// <summary>Widens one number.</summary>
    public static float Widen(ushort bits) => (float)BitConverter.UInt16BitsToHalf(bits);
}
