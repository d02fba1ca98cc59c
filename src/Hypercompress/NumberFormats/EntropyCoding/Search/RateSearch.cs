using Hypercompress.NumberFormats.EntropyCoding.Streams;

namespace Hypercompress.NumberFormats.EntropyCoding.Search;

/// <summary>
/// Finds the grid on which a matrix takes a given number of bytes: quantizes, looks at the bytes, moves the base, and
/// quantizes again with the prices of the levels that came out.
/// </summary>
internal static class RateSearch
{
    /// <summary>Share of the budget that may be left over as padding.</summary>
    internal const double Slack = 0.0015;

    private const int MostPasses = 48;
    private const double LaplacianBits = 2.44;
    private const double SmallestBase = -100;

    // Of a start: small matrices get more bytes than levels can use.
    private const double FinestRate = 12;

    /// <summary>Searches.</summary>
    /// <param name="parts">Scales and expected magnitudes.</param>
    /// <param name="magnitude">Mean magnitude of the levels when the base is 1; positive.</param>
    /// <param name="budget">Bytes that the coded matrix may take.</param>
    /// <param name="code">Which levels may follow each other.</param>
    /// <param name="quantize">Quantizes the matrix on a grid.</param>
    /// <param name="slack">Share of the budget that need not be used, above 0.</param>
    /// <returns>
    /// The bytes, at most <paramref name="budget"/>; shorter only by a little, or where a grid that takes more would be
    /// finer than levels can count.
    /// </returns>
    /// <exception cref="InvalidOperationException">Not even the coarsest grid fits.</exception>
    internal static CodedFit Fit(
        ScaleParts parts,
        double magnitude,
        long budget,
        LevelCode code,
        Func<MatrixScales, LevelPrices, QuantizedLevels> quantize,
        double slack = Slack)
    {
        long levels = (long)parts.RowScales.Length * parts.ColumnScales.Length;
        double rate = 8.0 * budget / levels;
        double move = StartOf(parts, magnitude, rate, code);
        var tries = new RateTries(budget, code, slack);
        long[][]? settled = null;
        for (int pass = 0; pass < MostPasses; pass++)
        {
            LevelModel? model = settled is null ? null : LevelModel.Of(settled, code);
            (CodedMatrix matrix, Half[] remainders) = Quantize(parts, magnitude, rate, move, code, model, quantize);
            long[][] counts = matrix.Count();
            if (tries.Add(move, matrix, counts, remainders) is { } fit)
            {
                return fit;
            }

            settled = settled is null ? counts : Average(settled, counts);
            move = tries.Next();
        }

        throw new InvalidOperationException($"{levels} levels do not fit into {budget} bytes");
    }

    /// <summary>Quantizes on about the grid that a rate asks for, whatever bytes come of it.</summary>
    /// <param name="parts">Scales and expected magnitudes.</param>
    /// <param name="magnitude">Mean magnitude of the levels when the base is 1; positive.</param>
    /// <param name="rate">Bits of a level.</param>
    /// <param name="code">Which levels may follow each other.</param>
    /// <param name="quantize">Quantizes the matrix on a grid.</param>
    /// <returns>The levels, and the bits that they take on average without scales and tables.</returns>
    internal static (CodedMatrix Matrix, double Bits) Sample(
        ScaleParts parts,
        double magnitude,
        double rate,
        LevelCode code,
        Func<MatrixScales, LevelPrices, QuantizedLevels> quantize)
    {
        double move = StartOf(parts, magnitude, rate, code);
        (CodedMatrix matrix, _) = Quantize(parts, magnitude, rate, move, code, null, quantize);
        LevelModel model = LevelModel.Of(matrix.Count(), code);
        (CodedMatrix settled, _) = Quantize(parts, magnitude, rate, move, code, model, quantize);
        long[][] counts = settled.Count();
        return (settled, LevelModel.Of(counts, code).MeanBits(counts));
    }

    /// <summary>
    /// Squared error that a bit is worth at the point of the rate–distortion curve where the grid works best: measured
    /// on Gaussian values, 0.4 down to 1.5 bits and more below; without a trellis, whose levels are twice as far apart,
    /// 0.1 at every rate.
    /// </summary>
    /// <param name="rate">Bits of a level.</param>
    /// <param name="code">Which levels may follow each other.</param>
    internal static double Lambda(double rate, LevelCode code) =>
        code == LevelCode.Scalar ? 0.1 : double.Clamp(0.4 + (0.25 * (1.5 - rate)), 0.4, 0.65);

    private static (CodedMatrix Matrix, Half[] Remainders) Quantize(
        ScaleParts parts,
        double magnitude,
        double rate,
        double move,
        LevelCode code,
        LevelModel? model,
        Func<MatrixScales, LevelPrices, QuantizedLevels> quantize)
    {
        MatrixScales scales = MatrixScales.WithClasses(parts, (float)Math.Pow(2, Math.Max(move, SmallestBase)));
        LevelPrices prices = model is not null && model.Classes == scales.Classes
            ? LevelPrices.Of(scales.Classes, model.Bits, Lambda(rate, code))
            : Guess(scales, magnitude, rate, code);
        (short[] levels, Half[] remainders) = quantize(scales, prices);
        return (new CodedMatrix(scales, code, levels), remainders);
    }

    // Prices of the last levels alone would swing: where zeros are cheap more levels become zero, which makes them
    // cheaper still.
    private static long[][] Average(long[][] earlier, long[][] counts) => earlier.Length != counts.Length
        ? counts
        : [.. counts.Zip(earlier, (now, before) => Enumerable.Range(0, int.Max(now.Length, before.Length))
            .Select(index => (now.ElementAtOrDefault(index) + before.ElementAtOrDefault(index) + 1) / 2)
            .ToArray())];

    // Bits of a level are about log₂ of its mean magnitude, 2.4 more for the shape and one less for the union of two
    // grids of a trellis.
    private static double StartOf(ScaleParts parts, double magnitude, double rate, LevelCode code)
    {
        double spread = (parts.RowMagnitudes.Average(value => value) + parts.ColumnMagnitudes.Average(value => value))
            / MatrixScales.MagnitudeSteps;
        double union = code == LevelCode.Trellis ? 1 : 0;
        return Math.Log2(magnitude) + spread + LaplacianBits - union - Math.Min(rate, FinestRate);
    }

    // Before the first pass levels are taken to be Laplacian, with the magnitudes that their classes expect.
    private static LevelPrices Guess(MatrixScales scales, double magnitude, double rate, LevelCode code)
    {
        double MeanOf(int index)
        {
            double log = (scales.Lowest + ((index + 0.5) * scales.Width)) / MatrixScales.MagnitudeSteps;
            return Math.Max(0.05, magnitude * Math.Pow(2, log) / scales.Unit);
        }

        double Bits(int index, int level)
        {
            double decay = Math.Exp(-1 / MeanOf(index));
            double total = code == LevelCode.Scalar
                ? (1 + decay) / (1 - decay)
                : (level & 1) == 0
                ? (1 + (decay * decay)) / (1 - (decay * decay))
                : 2 * decay / (1 - (decay * decay));
            return Math.Min(24, Math.Log2(total) - (level * Math.Log2(decay)));
        }

        return LevelPrices.Of(scales.Classes, Bits, Lambda(rate, code));
    }
}
