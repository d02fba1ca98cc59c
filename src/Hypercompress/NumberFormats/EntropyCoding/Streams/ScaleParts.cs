using static TorchSharp.torch;

namespace Hypercompress.NumberFormats.EntropyCoding.Streams;

/// <summary>The scales and expected magnitudes that a coded matrix stores for each row and column.</summary>
/// <param name="RowScales">log₂ of a row's scale, in eighths or finer.</param>
/// <param name="ColumnScales">log₂ of a column's scale, in eighths or finer.</param>
/// <param name="RowMagnitudes">log₂ of how large the levels of a row are expected to be, in quarters.</param>
/// <param name="ColumnMagnitudes">The same of a column, to be added to that of the row.</param>
/// <param name="FineBits">Scales are in 1 / (8 · 2^FineBits) octaves, 0 to 2.</param>
internal sealed record ScaleParts(
    sbyte[] RowScales, sbyte[] ColumnScales, sbyte[] RowMagnitudes, sbyte[] ColumnMagnitudes, int FineBits = 0)
{
    /// <summary>The most fine bits of a scale.</summary>
    internal const int MostFineBits = 2;

    private const double Smallest = 1e-30;
    private const int FewestAveraged = 32;
    private const int LargestScale = 4 * MatrixScales.ScaleSteps;
    private const int LargestMagnitude = 6 * MatrixScales.MagnitudeSteps;

    // Fine scales cost a bit or two per row and column: as long as these are at most half a percent of the bytes.
    private const double MostFineShare = 0.005;

    /// <summary>Fits the parts to a matrix.</summary>
    /// <param name="values">float32 [rows, columns].</param>
    /// <param name="rowScales">Wanted ratios of the rows' steps, floating point [rows], positive.</param>
    /// <param name="columnScales">Wanted ratios of the columns' steps, floating point [columns], positive.</param>
    /// <returns>The parts, and the mean magnitude of the levels when the base is 1.</returns>
    internal static (ScaleParts Parts, double Magnitude) Fit(Tensor values, Tensor rowScales, Tensor columnScales)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        (sbyte[] rows, double rowUnit) = Quantize(rowScales.to(ScalarType.Float64).log2(), MatrixScales.ScaleSteps);
        (sbyte[] columns, double columnUnit) = Quantize(
            columnScales.to(ScalarType.Float64).log2(), MatrixScales.ScaleSteps);
        (Tensor rowMeans, Tensor columnMeans) = MeanMagnitudes(
            values, rowScales.to(ScalarType.Float64), columnScales.to(ScalarType.Float64));
        double mean = Math.Max(Smallest, rowMeans.mean().item<double>());
        return (
            new ScaleParts(
                rows, columns, Magnitudes(rowMeans / mean, columns.Length),
                Magnitudes(columnMeans / mean, rows.Length)),
            mean * Math.Pow(2, rowUnit + columnUnit));
    }

    /// <summary>How fine the scales of a matrix may be.</summary>
    /// <param name="rows">Rows of the matrix.</param>
    /// <param name="columns">Columns of the matrix.</param>
    /// <param name="budget">Bytes of the matrix.</param>
    /// <returns>Fine bits, 0 to <see cref="MostFineBits"/>.</returns>
    internal static int FineBitsFor(int rows, int columns, long budget)
    {
        double perBit = (rows + columns) / 8.0 / budget;
        return (int)Math.Clamp(MostFineShare / perBit, 0, MostFineBits);
    }

    /// <summary>The same scales in finer steps.</summary>
    /// <param name="fineBits">Fine bits, where there are none yet.</param>
    internal ScaleParts Refined(int fineBits)
    {
        sbyte[] Shifted(sbyte[] scales) =>
            [.. scales.Select(scale => (sbyte)int.Clamp(scale << fineBits, sbyte.MinValue, sbyte.MaxValue))];
        return this with
        {
            RowScales = Shifted(RowScales),
            ColumnScales = Shifted(ColumnScales),
            FineBits = fineBits,
        };
    }

    // Means of |value| / (scale of the row · scale of the column) along rows and columns, float64 [rows] and [columns].
    private static (Tensor Rows, Tensor Columns) MeanMagnitudes(Tensor values, Tensor rowScales, Tensor columnScales)
    {
        (long rows, long columns) = (values.shape[0], values.shape[1]);
        Tensor rowSums = zeros_like(rowScales);
        Tensor columnSums = zeros_like(columnScales);
        foreach ((int first, int count) in CodedMatrix.RunsOf((int)rows))
        {
            using var scope = NewDisposeScope();
            Tensor ofRows = rowScales.narrow(0, first, count);
            Tensor scaled = values.narrow(0, first, count).abs().div_(columnScales.to(ScalarType.Float32));
            rowSums.narrow(0, first, count).copy_(scaled.sum(1, type: ScalarType.Float64) / ofRows);
            scaled.div_(ofRows.to(ScalarType.Float32).unsqueeze(1));
            columnSums.add_(scaled.sum([0]).to(ScalarType.Float64));
        }

        return (rowSums / columns, columnSums / rows);
    }

    private static (sbyte[] Codes, double Center) Quantize(Tensor logs, int steps)
    {
        double center = logs.median().item<double>();
        return (Codes((logs - center) * steps, LargestScale), center);
    }

    // Telling the magnitude of a few values costs more than it saves.
    private static sbyte[] Magnitudes(Tensor means, int averaged) => averaged < FewestAveraged
        ? new sbyte[means.shape[0]]
        : Codes(means.clamp(min: Smallest).log2() * MatrixScales.MagnitudeSteps, LargestMagnitude);

    // Bounded, so that the tables of any matrix fit into the bytes that the format has for them.
    private static sbyte[] Codes(Tensor values, int largest) =>
        [.. values.round().clamp(-largest, largest).to(ScalarType.Int8).cpu().data<sbyte>()];
}
