using System.Runtime.CompilerServices;
using Hypercompress.Models.Kernels.Panels;

namespace Hypercompress.Models.Kernels.Matrices;

/// <summary>
/// Chooses how whole numbers are held: in the fewest of 4, 5, 6 and 8 bits that nearly all fit, else in two matrices of
/// 8 bits.
/// </summary>
internal static class LevelPacking
{
    private const int ByteZero = 128;
    private const int UpperStep = 128;
    private const int MostOnStack = 4096;

    // A correction costs as much time as some hundred codes.
    private const int CodesPerCorrection = 250;

    /// <summary>Packs a grid.</summary>
    /// <param name="grid">The numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static PackedMatrix Pack(FactoredLevels grid)
    {
        ReadOnlySpan<int> zeros = [8, 16, 32, ByteZero];
        Span<long> outside = stackalloc long[zeros.Length];
        foreach (short level in grid.Levels.Span)
        {
            // How far from zero, on the side that has one number less counted one further.
            int size = level < 0 ? -level - 1 : level;
            for (int i = 0; i < zeros.Length && size >= zeros[i]; i++)
            {
                outside[i]++;
            }
        }

        long most = grid.Levels.Length / CodesPerCorrection;
        int fits = 0;
        while (fits < zeros.Length && outside[fits] > most)
        {
            fits++;
        }

        return fits switch
        {
            0 => Fill<NibbleCodes>(grid, zeros[0]),
            1 => Fill<FiveBitCodes>(grid, zeros[1]),
            2 => Fill<SixBitCodes>(grid, zeros[2]),
            3 => Fill<ByteCodes>(grid, ByteZero),
            _ => Split(grid),
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static CodeMatrix<TCodes, RowScales> Fill<TCodes>(FactoredLevels grid, int zero)
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
        var shape = new PanelShape(grid.Rows, grid.Columns);
        Parallel.For(0, shape.Panels, panel => PutPanel(matrix, grid, zero, panel));
        return matrix;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PutPanel<TCodes>(
        CodeMatrix<TCodes, RowScales> matrix, FactoredLevels grid, int zero, int panel)
        where TCodes : struct, ICodes
    {
        Span<byte> codes = grid.Columns <= MostOnStack ? stackalloc byte[grid.Columns] : new byte[grid.Columns];
        int end = int.Min((panel + 1) * PanelShape.Rows, grid.Rows);
        for (int row = panel * PanelShape.Rows; row < end; row++)
        {
            ReadOnlySpan<short> ofRow = grid.Levels.Span.Slice(row * grid.Columns, grid.Columns);
            for (int column = 0; column < codes.Length; column++)
            {
                codes[column] = (byte)(Clamp(ofRow[column], zero) + zero);
            }

            matrix.PutRow(row, codes);
        }
    }

    private static int Clamp(int level, int zero) => int.Clamp(level, -zero, zero - 1);

    // level = 128 · upper + lower, with lower from −64 to 63.
    private static SumMatrix Split(FactoredLevels grid)
    {
        ReadOnlySpan<short> levels = grid.Levels.Span;
        var upper = new short[levels.Length];
        var lower = new short[levels.Length];
        for (int i = 0; i < levels.Length; i++)
        {
            upper[i] = (short)((levels[i] + (UpperStep / 2)) >> 7);
            lower[i] = (short)(levels[i] - (upper[i] * UpperStep));
        }

        FactoredLevels coarse = grid with
        {
            Levels = upper,
            RowFactors = [.. grid.RowFactors.Select(factor => factor * UpperStep)],
        };
        FactoredLevels fine = grid with { Levels = lower };
        return new SumMatrix([Fill<ByteCodes>(coarse, ByteZero), Fill<ByteCodes>(fine, ByteZero)]);
    }
}
