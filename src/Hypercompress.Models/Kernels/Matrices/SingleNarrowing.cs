using System.Runtime.InteropServices;

namespace Hypercompress.Models.Kernels.Matrices;

/// <summary>Finds out whether 16 bits hold single-precision numbers, and writes them so.</summary>
internal static class SingleNarrowing
{
    private const float LargestHalf = 65504;

    // The bits of float32 that bfloat16 lacks.
    private const uint BrainRest = 0xffff;

    /// <summary>The fewest bits that numbers are held in.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="read">Writes a row of float32.</param>
    /// <param name="rounds">Whether what no 16 bits hold exactly is rounded to half precision.</param>
    public static FloatKind Choose(int rows, int columns, RowReader read, bool rounds)
    {
        (bool isBrain, bool isHalf, float most) = (true, true, 0);
        var numbers = new float[columns];
        for (int row = 0; row < rows && (isBrain || isHalf || rounds); row++)
        {
            read(row, MemoryMarshal.AsBytes(numbers.AsSpan()));
            foreach (float number in numbers)
            {
                isBrain &= (BitConverter.SingleToUInt32Bits(number) & BrainRest) == 0;
                isHalf &= BitConverter.SingleToUInt32Bits((float)(Half)number)
                    == BitConverter.SingleToUInt32Bits(number);
                most = MathF.Max(most, MathF.Abs(number));
            }
        }

        return isBrain ? FloatKind.Brain
            : isHalf || (rounds && most <= LargestHalf) ? FloatKind.Half
            : FloatKind.Single;
    }

    /// <summary>A reader of the same rows in another kind.</summary>
    /// <param name="kind">The kind that <see cref="Choose"/> gave.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="read">Writes a row of float32.</param>
    public static RowReader Write(FloatKind kind, int columns, RowReader read)
    {
        if (kind == FloatKind.Single)
        {
            return read;
        }

        var numbers = new float[columns];
        return (row, bytes) =>
        {
            read(row, MemoryMarshal.AsBytes(numbers.AsSpan()));
            Span<ushort> narrow = MemoryMarshal.Cast<byte, ushort>(bytes);
            for (int i = 0; i < numbers.Length; i++)
            {
                narrow[i] = kind == FloatKind.Brain
                    ? (ushort)(BitConverter.SingleToUInt32Bits(numbers[i]) >> 16)
                    : BitConverter.HalfToUInt16Bits((Half)numbers[i]);
            }
        };
    }
}
