using Hypercompress.NumberFormats.EntropyCoding.Streams;

namespace Hypercompress.NumberFormats.EntropyCoding.Search;

/// <summary>
/// The tries of a <see cref="RateSearch"/>: keeps the best one that fits, says when one is good enough, and where to
/// look next. A try is written only if its bytes are expected to be near the budget.
/// </summary>
/// <param name="budget">Bytes that the coded matrix may take.</param>
/// <param name="code">Which levels may follow each other.</param>
/// <param name="slack">Share of the budget that need not be used.</param>
internal sealed class RateTries(long budget, LevelCode code, double slack)
{
    // After so many tries what fits is taken, however much it leaves over.
    private const int Passes = 8;

    // What prices of real levels save over guessed ones, as a share of the bytes.
    private const double FirstSaving = 0.0012;

    // Smaller matrices are written whatever is expected of their bytes.
    private const long FewLevels = 1 << 15;
    private const int PaddingBytes = 16;
    private const double SlopeOfBits = 0.9;
    private const double LargestMove = 1.5;

    private int _pass = -1;
    private CodedFit? _best;
    private Try? _last;
    private Try? _beforeLast;
    private Try? _coarse;

    /// <summary>Looks at the levels on a grid.</summary>
    /// <param name="move">log₂ of the grid's base.</param>
    /// <param name="matrix">The levels.</param>
    /// <param name="counts">Their occurrences.</param>
    /// <param name="remainders">What rounding took.</param>
    /// <returns>The best try so far if it is good enough; otherwise null.</returns>
    internal CodedFit? Add(double move, CodedMatrix matrix, long[][] counts, Half[] remainders)
    {
        _pass++;
        LevelModel model = LevelModel.Of(counts, code);
        long size = matrix.EstimateBytes(model, counts);
        bool isWritten = !matrix.IsClipped && IsWorthWriting(size, matrix.Length);
        byte[] bytes = isWritten ? matrix.Write(model) : [];
        var tried = new Try(move, isWritten ? bytes.Length : size, matrix.Length, matrix.IsClipped);
        bool fits = tried.Bytes <= budget && !matrix.IsClipped;
        if (fits && bytes.Length > (_best?.Bytes.Length ?? 0))
        {
            _best = new CodedFit(bytes, remainders);
        }

        (_beforeLast, _last, _coarse) = (_last, tried, fits ? tried : _coarse);
        bool isFull = isWritten && fits && tried.Bytes >= budget - Math.Max(PaddingBytes, slack * budget);
        return (isFull && _pass > 0) || _pass >= Passes ? _best : null;
    }

    /// <summary>log₂ of the base of the next grid.</summary>
    internal double Next()
    {
        Try last = _last!;
        if (last.IsClipped)
        {
            return _coarse is { } free ? (last.Move + free.Move) / 2 : last.Move + 1;
        }

        double wanted = budget * (1 - (0.4 * slack) + (_pass == 0 ? FirstSaving : 0));
        return _pass > 1 && _beforeLast is { IsClipped: false } other && IsBetween(wanted, last, other)
            ? last.Move + ((last.Bytes - wanted) / (last.Bytes - other.Bytes) * (other.Move - last.Move))
            : last.Move + double.Clamp(MoveFor(last, wanted), -LargestMove, LargestMove);
    }

    private bool IsWorthWriting(long size, long levels) =>
        _pass >= Passes || levels < FewLevels || (_pass > 0 && Math.Abs(size - budget) <= 2 * slack * budget);

    // Older tries were made with other prices of levels, and say little of the bytes now.
    private static bool IsBetween(double wanted, Try last, Try other) =>
        (other.Bytes - wanted) * (last.Bytes - wanted) < 0
        && (other.Bytes - last.Bytes) * (other.Move - last.Move) < 0;

    // By the bits that a step of the grid is worth: fewer where most levels are 0.
    private static double MoveFor(Try last, double wanted)
    {
        double excess = 8 * (last.Bytes - wanted) / last.Levels;
        double rate = 8.0 * last.Bytes / last.Levels;
        return excess / (SlopeOfBits * double.Clamp(rate / 1.5, 0.2, 1));
    }

    private sealed record Try(double Move, long Bytes, long Levels, bool IsClipped);
}
