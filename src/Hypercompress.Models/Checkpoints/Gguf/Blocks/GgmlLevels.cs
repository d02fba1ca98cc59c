using System.Buffers.Binary;

namespace Hypercompress.Models.Checkpoints.Gguf.Blocks;

/// <summary>Levels of 4-bit codes, and how their scales are stored.</summary>
internal static class GgmlLevels
{
    /// <summary>The levels of IQ4_NL and IQ4_XS.</summary>
    public static sbyte[] Uneven { get; } =
        [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

    /// <summary>Twice the values of E2M1.</summary>
    public static sbyte[] DoubledE2M1 { get; } = [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12];

    /// <summary>Reads a half-precision scale.</summary>
    /// <param name="bytes">Two bytes, little-endian.</param>
    /// <returns>The scale.</returns>
    public static float Half(ReadOnlySpan<byte> bytes) => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes);

    /// <summary>Reads a scale of 8 exponent bits, for levels that are doubled: 2^(e − 128).</summary>
    /// <param name="bytes">One byte.</param>
    /// <returns>The scale.</returns>
    public static float HalvedE8M0(ReadOnlySpan<byte> bytes) => MathF.ScaleB(1, bytes[0] - 128);

    /// <summary>Reads a scale of 4 exponent and 3 fraction bits without sign, for levels that are doubled.</summary>
    /// <param name="bytes">One byte.</param>
    /// <returns>The scale; 0 for the code of a NaN.</returns>
    public static float HalvedE4M3(ReadOnlySpan<byte> bytes)
    {
        (int exponent, int fraction) = ((bytes[0] >> 3) & 15, bytes[0] & 7);
        return bytes[0] == 0x7F
            ? 0
            : exponent == 0 ? MathF.ScaleB(fraction, -10) : MathF.ScaleB(1 + (fraction / 8f), exponent - 8);
    }
}
