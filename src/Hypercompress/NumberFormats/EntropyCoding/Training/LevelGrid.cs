using Hypercompress.NumberFormats.EntropyCoding.Streams;

namespace Hypercompress.NumberFormats.EntropyCoding.Training;

/// <summary>Scales, classes and slopes of a matrix of levels, in CPU memory.</summary>
/// <param name="rowFactors">The rows' part of the steps, with the base.</param>
/// <param name="columnFactors">The columns' part.</param>
/// <param name="scales">The classes by which thresholds go.</param>
/// <param name="slopes">Bits that the next higher level takes more, by class and level.</param>
/// <param name="largest">Slopes reach from −largest to largest − 1.</param>
/// <param name="price">Squared error that a bit is worth.</param>
internal sealed class LevelGrid(
    float[] rowFactors, float[] columnFactors, MatrixScales scales, float[] slopes, int largest, float price)
{
    private readonly int[]?[] _offsets = OffsetsOf(scales, largest);

    internal float[] RowFactors => rowFactors;

    internal float[] ColumnFactors => columnFactors;

    internal float[] Slopes => slopes;

    internal int Largest => largest;

    internal float Price => price;

    /// <summary>Copies what a step reads.</summary>
    /// <param name="grid">The scales.</param>
    /// <param name="classes">The classes by which thresholds go.</param>
    /// <param name="slopes">Bits that the next higher level takes more.</param>
    /// <param name="price">Squared error that a bit is worth.</param>
    internal static LevelGrid Of(TrainedGrid grid, LevelClasses classes, LevelSlopes slopes, double price) => new(
        grid.RowFactors().data<float>().ToArray(),
        grid.ColumnFactors().data<float>().ToArray(),
        classes.Scales,
        slopes.Values,
        slopes.Largest,
        (float)price);

    /// <summary>Where the slopes of the classes of a row begin.</summary>
    internal int[] ClassOffsets(int row) => _offsets[scales.Parts.RowMagnitudes[row] - sbyte.MinValue]!;

    // By the magnitude of a row, of which there are few.
    private static int[]?[] OffsetsOf(MatrixScales scales, int largest)
    {
        var offsets = new int[1 << 8][];
        sbyte[] columns = scales.Parts.ColumnMagnitudes;
        foreach (sbyte magnitude in scales.Parts.RowMagnitudes.Distinct())
        {
            int above = magnitude - scales.Lowest;
            offsets[magnitude - sbyte.MinValue] =
                [.. columns.Select(column => scales.ClassOf(above + column) * 2 * largest)];
        }

        return offsets;
    }

    /// <summary>The slope above a level.</summary>
    /// <param name="below">The level.</param>
    /// <param name="offset">Where the slopes of its class begin.</param>
    internal float SlopeAt(float below, int offset) =>
        slopes[offset + int.Clamp((int)below + largest, 0, (2 * largest) - 1)];
}
