using Hypercompress.Models.Kernels.Panels;

namespace Hypercompress.Models.Kernels.Matrices;

/// <summary>
/// Chooses how whole numbers are held: four bits where nearly all fit, else eight, else two matrices of eight bits.
/// </summary>
internal static class LevelPacking
{
    private const int NibbleZero = 8;
    private const int ByteZero = 128;
    private const int UpperStep = 128;

    // A correction costs as much time as some hundred codes.
    private const int CodesPerCorrection = 250;

    /// <summary>Packs a grid.</summary>
    /// <param name="grid">The numbers.</param>
    public static PackedMatrix Pack(LevelGrid grid)
    {
        ReadOnlySpan<short> levels = grid.Levels.Span;
        long most = levels.Length / CodesPerCorrection;
        if (CountOutside(levels, NibbleZero) <= most)
        {
            return Fill<NibbleCodes>(grid, NibbleZero);
        }

        return CountOutside(levels, ByteZero) <= most ? Fill<ByteCodes>(grid, ByteZero) : Split(grid);
    }

    private static long CountOutside(ReadOnlySpan<short> levels, int zero)
    {
        long outside = 0;
        foreach (short level in levels)
        {
            outside += (uint)(level + zero) >= (uint)(2 * zero) ? 1 : 0;
        }

        return outside;
    }

    private static CodeMatrix<TCodes, RowScales> Fill<TCodes>(LevelGrid grid, int zero)
        where TCodes : struct, ICodes
    {
        ReadOnlySpan<short> levels = grid.Levels.Span;
        List<(int Row, int Column, int Missing)> rests = [];
        for (int i = 0; i < levels.Length; i++)
        {
            if ((uint)(levels[i] + zero) >= (uint)(2 * zero))
            {
                rests.Add((i / grid.Columns, i % grid.Columns, levels[i] - Clamp(levels[i], zero)));
            }
        }

        var matrix = new CodeMatrix<TCodes, RowScales>(
            grid.Rows, grid.Columns, zero, 0, grid.RowFactors.AsSpan(), grid.ColumnFactors.AsSpan(),
            rests.Count == 0 ? null : new Corrections(grid.Rows, rests));
        var codes = new byte[grid.Columns];
        for (int row = 0; row < grid.Rows; row++)
        {
            ReadOnlySpan<short> ofRow = levels.Slice(row * grid.Columns, grid.Columns);
            for (int column = 0; column < codes.Length; column++)
            {
                codes[column] = (byte)(Clamp(ofRow[column], zero) + zero);
            }

            matrix.PutRow(row, codes);
        }

        return matrix;
    }

    private static int Clamp(int level, int zero) => int.Clamp(level, -zero, zero - 1);

    // level = 128 · upper + lower, with lower from −64 to 63.
    private static SumMatrix Split(LevelGrid grid)
    {
        ReadOnlySpan<short> levels = grid.Levels.Span;
        var upper = new short[levels.Length];
        var lower = new short[levels.Length];
        for (int i = 0; i < levels.Length; i++)
        {
            upper[i] = (short)((levels[i] + (UpperStep / 2)) >> 7);
            lower[i] = (short)(levels[i] - (upper[i] * UpperStep));
        }

        LevelGrid coarse = grid with
        {
            Levels = upper, RowFactors = [.. grid.RowFactors.Select(factor => factor * UpperStep)],
        };
        return new SumMatrix([Fill<ByteCodes>(coarse, ByteZero), Fill<ByteCodes>(grid with { Levels = lower }, ByteZero)]);
    }
}
