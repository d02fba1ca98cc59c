using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypercompress.Models.Kernels.Trellis;

/// <summary>
/// Which levels may follow each other down a column of a trellis of 64 states, without the states: a level is twice a
/// step plus a parity, 0 or 1; and the parities of a level, of the one above it and of the one six above, and the
/// lowest bits of the steps two and four above, add up to an even number. Above the first row all are 0. So levels are
/// told by their steps alone, at one bit less a level.
/// </summary>
internal static class ParityRule
{
    // Where a lane comes from when each moves two further: lanes of (rows 6 and 7 of the last eight, rows 0 to 5).
    private static Vector256<uint> ByTwo => Vector256.Create(6u, 7, 0, 1, 2, 3, 4, 5);

    private static Vector256<uint> FirstTwo => Vector256.Create(~0u, ~0u, 0, 0, 0, 0, 0, 0);

    private static Vector256<uint> LastTwo => Vector256.Create(0, 0, 0, 0, 0, 0, ~0u, ~0u);

    /// <summary>The parities of eight rows, a row a lane and a column a bit.</summary>
    /// <param name="steps">Lowest bits of their steps.</param>
    /// <param name="stepsBefore">Lowest bits of the steps of the eight rows before.</param>
    /// <param name="before">Parities of the eight rows before.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Next(
        Vector256<uint> steps, Vector256<uint> stepsBefore, Vector256<uint> before)
    {
        Vector256<uint> fourAbove = Vector256.Create(stepsBefore.GetUpper(), steps.GetLower());
        Vector256<uint> twoAbove = Vector256.ConditionalSelect(
            FirstTwo, Vector256.Shuffle(stepsBefore, ByTwo), Vector256.Shuffle(steps, ByTwo));

        // Lane 0 gets that of six rows above row 0.
        Vector256<uint> sixAbove = Vector256.Shuffle(before, Vector256.Create(2u, 3, 4, 5, 6, 7, 0, 0)) & ~LastTwo;
        Vector256<uint> sums = Running(fourAbove ^ twoAbove ^ sixAbove)
            ^ Vector256.Shuffle(before, Vector256.Create(7u));

        // Rows 6 and 7 have rows 0 and 1 six above them.
        Vector256<uint> first = Vector256.Shuffle(sums, Vector256.Create(0u)) & LastTwo;
        Vector256<uint> second = Vector256.Shuffle(sums, Vector256.Create(1u))
            & Vector256.Create(0, 0, 0, 0, 0, 0, 0, ~0u);
        return sums ^ first ^ second;
    }

    // Each lane gets the sum of itself and all before it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Running(Vector256<uint> lanes)
    {
        Vector256<uint> one = lanes ^ (Vector256.Shuffle(lanes, Vector256.Create(0u, 0, 1, 2, 3, 4, 5, 6))
            & Vector256.Create(0, ~0u, ~0u, ~0u, ~0u, ~0u, ~0u, ~0u));
        Vector256<uint> two = one ^ (Vector256.Shuffle(one, Vector256.Create(0u, 0, 0, 1, 2, 3, 4, 5)) & ~FirstTwo);
        return two ^ Vector256.Create(Vector128<uint>.Zero, two.GetLower());
    }
}
