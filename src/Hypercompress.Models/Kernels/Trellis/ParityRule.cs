using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hypercompress.Models.Kernels.Trellis;

/// <summary>
/// Which levels may follow each other down a column of a trellis of 64 states, without the states: a level is twice a
/// step plus a parity, 0 or 1; and the parities of a level, of the one above it and of the one six above, and the
/// lowest bits of the steps two and four above, add up to an even number. Above the first row all are 0. So levels are
/// told by their steps alone, at one bit less a level.
/// </summary>
internal static class ParityRule
{
    /// <summary>The parities of eight rows, a row a lane and a column a bit.</summary>
    /// <param name="steps">Lowest bits of their steps.</param>
    /// <param name="stepsBefore">Lowest bits of the steps of the eight rows before.</param>
    /// <param name="before">Parities of the eight rows before.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Next(
        Vector256<uint> steps, Vector256<uint> stepsBefore, Vector256<uint> before)
    {
        Vector256<uint> zero = Vector256<uint>.Zero;
        Vector256<uint> fourAbove = Vector256.Create(stepsBefore.GetUpper(), steps.GetLower());
        Vector256<uint> twoAbove = Down(steps, fourAbove, 2);

        // Of rows 0 to 5; six above rows 6 and 7 are rows 0 and 1.
        Vector256<uint> sixAbove = Down(Vector256.Create(before.GetUpper(), Vector128<uint>.Zero), before, 2);
        Vector256<uint> sums = fourAbove ^ twoAbove ^ sixAbove;

        // A parity is the sum of all bits down to its row: within each half first, then the last row of the upper half
        // is added to the lower half, and the row before the first to all.
        sums ^= Down(sums, zero, 1);
        sums ^= Down(sums, zero, 2);
        sums ^= Vector256.Create(Vector128<uint>.Zero, Vector128.Shuffle(sums.GetLower(), Vector128.Create(3u)));
        sums ^= Vector256.Shuffle(before, Vector256.Create(7u));

        Vector256<uint> first = Down(sums, zero, 2);
        first ^= Down(first, zero, 1);
        return sums ^ Vector256.Create(Vector128<uint>.Zero, first.GetLower());
    }

    // Within each half, rows move down by 1 or 2; the last rows of the same half of "above" come in at its top.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Down(Vector256<uint> rows, Vector256<uint> above, int by)
    {
        if (Avx2.IsSupported)
        {
            return by == 1
                ? Avx2.AlignRight(rows, above, 3 * sizeof(uint))
                : Avx2.AlignRight(rows, above, 2 * sizeof(uint));
        }

        return Vector256.Create(
            Down(rows.GetLower(), above.GetLower(), by), Down(rows.GetUpper(), above.GetUpper(), by));
    }

    private static Vector128<uint> Down(Vector128<uint> rows, Vector128<uint> above, int by) => by == 1
        ? Vector128.Create(above[3], rows[0], rows[1], rows[2])
        : Vector128.Create(above[2], above[3], rows[0], rows[1]);
}
