namespace Hypercompress.NumberFormats.EntropyCoding.Streams;

/// <summary>
/// The grid of a matrix of levels: the value at (i, j) is level · base · 2^((row_i + column_j) / 8), or in steps 2 or 4
/// times as fine. It also holds how large levels are expected to be there, as the log₂ of a magnitude in quarters: a
/// sum of a row's and a column's part, from which a level's class follows.
/// </summary>
internal sealed class MatrixScales
{
    /// <summary>Steps of a row's or a column's scale in an octave.</summary>
    internal const int ScaleSteps = 8;

    /// <summary>Steps of an expected magnitude in an octave.</summary>
    internal const int MagnitudeSteps = 4;

    private const int MostClasses = 32;
    private const long LevelsPerClass = 2000;
    private readonly float[] _rowFactors;
    private readonly float[] _columnFactors;

    /// <summary>Takes over the parts.</summary>
    /// <param name="parts">Scales and expected magnitudes.</param>
    /// <param name="unit">The base; positive and finite.</param>
    /// <param name="lowest">Expected magnitude where the lowest class ends, in quarter octaves.</param>
    /// <param name="width">Quarter octaves of a class, at least 1.</param>
    /// <param name="classes">Number of classes, at least 1.</param>
    internal MatrixScales(ScaleParts parts, float unit, int lowest, int width, int classes)
    {
        (Parts, Unit, Lowest, Width, Classes) = (parts, unit, lowest, width, classes);
        double steps = ScaleSteps << parts.FineBits;
        _rowFactors = [.. parts.RowScales.Select(scale => (float)(unit * Math.Pow(2, scale / steps)))];
        _columnFactors = [.. parts.ColumnScales.Select(scale => (float)Math.Pow(2, scale / steps))];
    }

    internal ScaleParts Parts { get; }

    internal float Unit { get; }

    internal int Lowest { get; }

    internal int Width { get; }

    internal int Classes { get; }

    internal int Rows => _rowFactors.Length;

    internal int Columns => _columnFactors.Length;

    /// <summary>Classes for levels whose magnitudes are expected to be so large.</summary>
    /// <param name="parts">Scales and expected magnitudes.</param>
    /// <param name="unit">The base.</param>
    internal static MatrixScales WithClasses(ScaleParts parts, float unit)
    {
        long[] histogram = Histogram(parts, out int first);
        long all = (long)parts.RowScales.Length * parts.ColumnScales.Length;
        long rare = all / 200;
        int lowest = 0;
        for (long below = 0; below + histogram[lowest] <= rare; lowest++)
        {
            below += histogram[lowest];
        }

        int highest = histogram.Length - 1;
        for (long above = 0; highest > lowest && above + histogram[highest] <= rare; highest--)
        {
            above += histogram[highest];
        }

        var most = (int)long.Clamp(all / LevelsPerClass, 1, MostClasses);
        int width = ((highest - lowest) / most) + 1;
        return new MatrixScales(
            parts, unit, int.Clamp(first + lowest, sbyte.MinValue, sbyte.MaxValue), width,
            ((highest - lowest) / width) + 1);
    }

    /// <summary>The row's part of the steps.</summary>
    internal ReadOnlySpan<float> RowFactors => _rowFactors;

    /// <summary>The columns' part of the steps.</summary>
    internal ReadOnlySpan<float> ColumnFactors => _columnFactors;

    /// <summary>A column's part of the steps.</summary>
    internal float ColumnFactor(int column) => _columnFactors[column];

    /// <summary>The classes of a part of a column.</summary>
    internal void ClassesOf(int column, int firstRow, Span<byte> classes)
    {
        int offset = Parts.ColumnMagnitudes[column] - Lowest;
        ReadOnlySpan<sbyte> rows = Parts.RowMagnitudes.AsSpan(firstRow, classes.Length);
        for (int i = 0; i < classes.Length; i++)
        {
            classes[i] = (byte)ClassOf(rows[i] + offset);
        }
    }

    /// <summary>The class of a place.</summary>
    /// <param name="above">Its expected magnitude less <see cref="Lowest"/>.</param>
    internal int ClassOf(int above) => int.Min(above < 0 ? 0 : above / Width, Classes - 1);

    // How many places expect each sum of a row's and a column's magnitude.
    private static long[] Histogram(ScaleParts parts, out int first)
    {
        long[] rows = Count(parts.RowMagnitudes, out int firstRow);
        long[] columns = Count(parts.ColumnMagnitudes, out int firstColumn);
        var sums = new long[rows.Length + columns.Length - 1];
        for (int i = 0; i < rows.Length; i++)
        {
            for (int j = 0; j < columns.Length; j++)
            {
                sums[i + j] += rows[i] * columns[j];
            }
        }

        first = firstRow + firstColumn;
        return sums;
    }

    private static long[] Count(sbyte[] values, out int first)
    {
        first = values.Min();
        var counts = new long[values.Max() - first + 1];
        foreach (sbyte value in values)
        {
            counts[value - first]++;
        }

        return counts;
    }
}
