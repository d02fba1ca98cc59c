using Hypercompress.Branches.Solvers;
using Hypercompress.Forms;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.EntropyCoding;
using Hypercompress.NumberFormats.EntropyCoding.Search;
using Hypercompress.NumberFormats.EntropyCoding.Streams;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Branches.Quantization;

/// <summary>
/// Entropy-coded levels with error feedback. The step at (i, j) is α / (L_jj √d_i), L from the sweep over H and d_i the
/// price of row i in the sweep over G, or g_i where outputs do not interact: a level's error then costs α²/12 or so
/// nats wherever it is made, so that one number spreads the bits over rows and columns.
/// </summary>
/// <remarks>
/// WaterSIC (arXiv 2603.04956) with a trellis in place of scalar rounding, steps by Fisher weight, and feedback along
/// the rows as in YAQA (arXiv 2505.22988).
/// </remarks>
internal static class EntropySolver
{
    /// <summary>Measures bits and error on a sample of rows.</summary>
    /// <param name="problem">The site's problem.</param>
    /// <param name="rates">Bits of a level to look at.</param>
    /// <returns>Bits of levels without scales and tables, and the error of the whole site.</returns>
    internal static IReadOnlyList<MeasuredRate> Measure(SiteProblem problem, IEnumerable<double> rates)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        using SiteProblem sample = SampleOf(problem, out double share);
        return [.. rates.Select(rate => MeasureAt(sample, rate, share)).OrderBy(point => point.Bits)];
    }

    /// <summary>Solves a site in the bytes of a format.</summary>
    /// <param name="problem">The site's problem.</param>
    /// <param name="format">An entropy format.</param>
    /// <param name="slack">Share of its bytes that need not be used.</param>
    /// <returns>A form that the caller disposes.</returns>
    internal static FormMatrix Solve(SiteProblem problem, EntropyFormat format, double slack = RateSearch.Slack)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        (long rows, long columns) = (problem.Target.shape[0], problem.Target.shape[1]);
        using RowSweepFactor? rowSweep = SweepOf(problem);
        RowFeedback? feedback = FeedbackOf(rowSweep);
        (ScaleParts parts, double magnitude) = Scales(problem, rowSweep?.Prices ?? problem.OutputWeights);
        var levels = new short[rows * columns];
        CodedFit fit = format.Fit(
            parts,
            magnitude,
            format.StoredBytes(rows, columns),
            (scales, prices) => LevelsOf(
                problem,
                new LevelQuantizer(
                    scales, prices, format.Code, levels, format.Trains == TrainedCodes.Levels, feedback)),
            slack);
        return new DenseForm(new EntropyValues(format, rows, columns, fit));
    }

    private static MeasuredRate MeasureAt(SiteProblem sample, double rate, double share)
    {
        using var scope = NewDisposeScope();
        (ScaleParts parts, double magnitude) = Scales(sample, sample.OutputWeights);
        double error = 0;
        var levels = new short[sample.Target.numel()];
        QuantizedLevels Sweep(MatrixScales scales, LevelPrices prices)
        {
            var quantizer = new LevelQuantizer(scales, prices, LevelCode.Trellis, levels);
            error = sample.Error(ColumnSweep.Run(
                sample.Target, sample.Inputs.ColumnSweep, new LevelRule(quantizer), CodedMatrix.RunRows));
            return quantizer.Result;
        }

        (_, double bits) = RateSearch.Sample(parts, magnitude, rate, LevelCode.Trellis, Sweep);
        return new MeasuredRate(bits, error / share);
    }

    private static QuantizedLevels LevelsOf(SiteProblem problem, LevelQuantizer quantizer)
    {
        ColumnSweep.Visit(problem.Target, problem.Inputs.ColumnSweep, new LevelRule(quantizer), CodedMatrix.RunRows);
        return quantizer.Result;
    }

    private static (ScaleParts Parts, double Magnitude) Scales(SiteProblem problem, Tensor rowPrices)
    {
        ColumnSweepFactor sweep = problem.Inputs.ColumnSweep;
        Tensor order = tensor(sweep.Order.Select(column => (long)column).ToArray());
        Tensor diagonal = sweep.Factor.diagonal();
        Tensor columns = empty_like(diagonal).index_copy_(0, order, diagonal.reciprocal());
        return ScaleParts.Fit(problem.Target, rowPrices.rsqrt(), columns);
    }

    private static RowSweepFactor? SweepOf(SiteProblem problem) =>
        problem.Outputs is null ? null : RowSweepFactor.Of(problem.Outputs, CodedMatrix.RunRows);

    private static RowFeedback? FeedbackOf(RowSweepFactor? sweep) => sweep is null
        ? null
        : new RowFeedback(
            sweep.Coefficients.t().contiguous().data<float>().ToArray(), (int)sweep.Prices.shape[0], sweep.BlockRows);

    // Evenly spread rows, large enough for the trellis and for the tables to be typical. They are too far apart to
    // compensate for each other; each has its price in the sweep over all rows.
    private static SiteProblem SampleOf(SiteProblem problem, out double share)
    {
        const long FewRows = 128, ManyRows = 1024, ManyFrom = 8192;
        using RowSweepFactor? rowSweep = SweepOf(problem);
        long rows = problem.Target.shape[0];
        long wanted = long.Min(rows, rows >= ManyFrom ? ManyRows : FewRows);
        share = (double)wanted / rows;
        Tensor picked = (arange(wanted, dtype: ScalarType.Float64) * ((double)rows / wanted)).floor().to(
            ScalarType.Int64)
            .to(problem.Target.device);
        Site site = problem.Site with { Rows = wanted };
        return new SiteProblem(
            site,
            problem.Target.index_select(0, picked).DetachFromDisposeScope(),
            problem.Inputs,
            (rowSweep?.Prices ?? problem.OutputWeights).index_select(0, picked));
    }
}
