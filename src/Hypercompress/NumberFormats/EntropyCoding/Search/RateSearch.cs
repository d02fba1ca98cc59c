using Hypercompress.NumberFormats.EntropyCoding.Streams;

namespace Hypercompress.NumberFormats.EntropyCoding.Search;

/// <summary>
/// Finds the grid on which a matrix takes a given number of bytes: quantizes, looks at the bytes, moves the base, and
/// quantizes again with the prices of the levels that came out.
/// </summary>
internal static class RateSearch
{
    // Of the budget; what is left over is padding.
    private const double Slack = 0.0015;
    private const int Passes = 8;
    private const int Rescues = 40;
    private const double LaplacianBits = 2.44;
    private const double FirstSlope = 0.9;
    private const double LargestMove = 1.5;
    private const double SmallestBase = -100;

    // Of a start: small matrices get more bytes than levels can use.
    private const double FinestRate = 12;

    /// <summary>Searches.</summary>
    /// <param name="parts">Scales and expected magnitudes.</param>
    /// <param name="magnitude">Mean magnitude of the levels when the base is 1; positive.</param>
    /// <param name="budget">Bytes that the coded matrix may take.</param>
    /// <param name="code">Which levels may follow each other.</param>
    /// <param name="quantize">Quantizes the matrix on a grid.</param>
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
        Func<MatrixScales, LevelPrices, QuantizedLevels> quantize)
    {
        long levels = (long)parts.RowScales.Length * parts.ColumnScales.Length;
        double rate = 8.0 * budget / levels;
        double move = StartOf(parts, magnitude, rate, code);
        LevelModel? model = null;
        CodedFit? best = null;
        (double Move, long Bytes)? fine = null, coarse = null;
        for (int pass = 0; pass < Passes + Rescues; pass++)
        {
            (CodedMatrix matrix, Half[] remainders) =
                Quantize(parts, magnitude, rate, move, code, model, quantize);
            model = LevelModel.Of(matrix.Count(), code);
            byte[] bytes = matrix.Write(model);
            bool fits = bytes.Length <= budget && !matrix.IsClipped;
            if (fits && bytes.Length > (best?.Bytes.Length ?? 0))
            {
                best = new CodedFit(bytes, remainders);
            }

            bool within = fits && bytes.Length >= budget - Math.Max(16, Slack * budget);
            if ((within && pass > 0) || (pass >= Passes && best is not null))
            {
                return best!;
            }

            (double Move, long Bytes) tried = (move, bytes.Length);
            fine = fits ? fine : tried;
            coarse = fits ? tried : coarse;
            move = matrix.IsClipped
                ? coarse is { } free ? (move + free.Move) / 2 : move + 1
                : NextMove(tried, fine, coarse, budget - (0.4 * Slack * budget), levels);
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

    // A step nearer: between two tries by their slope, else by the rate that a step of the grid is worth. A try on a
    // grid that was too fine to count on shows nothing about bytes, and the slope then has the other sign.
    private static double NextMove(
        (double Move, long Bytes) tried,
        (double Move, long Bytes)? fine,
        (double Move, long Bytes)? coarse,
        double wanted,
        long levels)
    {
        if (fine is { } above && coarse is { } below && below.Move > above.Move && above.Bytes > below.Bytes)
        {
            double share = (above.Bytes - wanted) / (above.Bytes - below.Bytes);
            return above.Move + (double.Clamp(share, 0.02, 0.98) * (below.Move - above.Move));
        }

        double excess = 8 * (tried.Bytes - wanted) / levels;
        double rate = 8.0 * tried.Bytes / levels;
        double slope = FirstSlope * double.Clamp(rate / 1.5, 0.2, 1);
        return tried.Move + double.Clamp(excess / slope, -LargestMove, LargestMove);
    }

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

    // Squared error that a bit is worth at the point of the rate–distortion curve where the grid works best: measured
    // on Gaussian values, 0.4 down to 1.5 bits and more below; without a trellis, whose levels are twice as far apart,
    // 0.1 at every rate.
    private static double Lambda(double rate, LevelCode code) =>
        code == LevelCode.Scalar ? 0.1 : double.Clamp(0.4 + (0.25 * (1.5 - rate)), 0.4, 0.65);
}
