using System.Collections.Immutable;
using System.Numerics;
using Hypercompress.NumberFormats.Blocks.Books;
using Hypercompress.NumberFormats.Blocks.Grids;

namespace Hypercompress.NumberFormats.Blocks.Search;

/// <summary>
/// Finds the step and the base of a part of a block, for several rows at once. Every candidate is judged by the codes
/// that it leads to, with the errors of each element fed back to those after it; the best one is then fitted to its
/// codes by least squares, and rounded anew.
/// </summary>
internal sealed class PartSearch
{
    private const int Refinements = 2;

    // As for levels, but a code book has its largest magnitude beside small ones only: the step may be wider.
    private static readonly float[] BookShares = [0.7f, 0.8f, 0.9f, 1, 1.1f, 1.2f];

    private readonly BlockGrid _grid;
    private readonly PartRounding _rounding;
    private readonly float[] _shares;
    private readonly ImmutableArray<int> _ends;
    private readonly Vector<float>[] _wanted;
    private readonly Vector<float>[] _levels;
    private readonly Vector<float>[] _values;
    private PartFeedback _feedback = null!;
    private Vector<float> _low;
    private Vector<float> _high;

    /// <summary>Prepares the search.</summary>
    /// <param name="grid">The grid.</param>
    public PartSearch(BlockGrid grid)
    {
        (_grid, _rounding, _ends) = (grid, PartRounding.Of(grid), grid.Ends);
        _shares = grid.HasBooks ? BookShares
            : grid.HasBase ? Cuts(grid.Levels.Length) : Shares(grid.Levels.Length);
        _wanted = new Vector<float>[grid.PartSize];
        _levels = new Vector<float>[grid.PartSize];
        _values = new Vector<float>[grid.PartSize];
    }

    /// <summary>The levels of the fit that was tried last.</summary>
    public ReadOnlySpan<Vector<float>> Levels => _levels;

    /// <summary>The values of the fit that was tried last.</summary>
    public ReadOnlySpan<Vector<float>> Values => _values;

    /// <summary>Begins with a part.</summary>
    /// <param name="feedback">How its errors interact.</param>
    /// <param name="target">The values that are wanted in the end.</param>
    /// <param name="open">The same with the errors of all elements that were decided before the part.</param>
    public void Enter(PartFeedback feedback, ReadOnlySpan<Vector<float>> target, ReadOnlySpan<Vector<float>> open)
    {
        _feedback = feedback;
        int size = _wanted.Length;
        (_low, _high) = (open[0], open[0]);
        for (int k = 0; k < size; k++)
        {
            Vector<float> sum = open[k];
            (_low, _high) = (Vector.Min(_low, sum), Vector.Max(_high, sum));
            for (int i = k + 1; i < size; i++)
            {
                sum += target[i] * feedback.Ratios[(k * size) + i];
            }

            _wanted[k] = sum;
        }
    }

    /// <summary>Searches without small numbers.</summary>
    /// <param name="rounds">Whether step and base are stored in half precision as they are.</param>
    /// <returns>The best fit that was found.</returns>
    public PartFit Search(bool rounds)
    {
        PartFit best = _grid.HasBase ? SearchWithBase(rounds) : SearchSteps(rounds);
        for (int round = 0; round < Refinements; round++)
        {
            Try(best.Step, best.Base);
            (Vector<float> step, Vector<float> low) = Fit(best);
            best = best.Better(Try(step, low, rounds));
        }

        return best;
    }

    /// <summary>Decides all elements with a step and a base.</summary>
    /// <param name="step">The step.</param>
    /// <param name="low">The base.</param>
    /// <returns>The fit with its cost.</returns>
    public PartFit Try(Vector<float> step, Vector<float> low) =>
        new(step, low, _rounding.Decide(step, low, _wanted, _feedback, _levels, _values));

    /// <summary>Decides all elements with small numbers.</summary>
    /// <param name="scale">The small number of the step.</param>
    /// <param name="depth">The small number of the base.</param>
    /// <param name="unit">What the first is multiplied by.</param>
    /// <param name="baseUnit">What the second is multiplied by, and then negated.</param>
    /// <returns>A fit of the small numbers.</returns>
    public PartFit Try(Vector<float> scale, Vector<float> depth, Vector<float> unit, Vector<float> baseUnit) =>
        new(scale, depth, Try(_grid.Multiple(scale) * unit, -(depth * baseUnit)).Cost);

    // Shares of the step that makes the outermost level the largest value.
    private static float[] Shares(int levels)
    {
        (float least, int count) = levels switch
        {
            <= 4 => (0.25f, 18),
            <= 8 => (0.5f, 12),
            <= 16 => (0.62f, 11),
            <= 32 => (0.72f, 8),
            <= 64 => (0.84f, 6),
            _ => (0.97f, 3),
        };
        const float Most = 1.04f;
        return [.. Enumerable.Range(0, count).Select(i => Most - ((Most - least) * i / (count - 1)))];
    }

    // Shares of the range that are cut off at either end.
    private static float[] Cuts(int levels)
    {
        float most = levels switch
        {
            <= 4 => 0.3f,
            <= 16 => 0.16f,
            _ => 0.1f,
        };
        const int Count = 5;
        return [.. Enumerable.Range(0, Count).Select(i => (most * i / (Count - 1)) - 0.01f)];
    }

    private PartFit Try(Vector<float> step, Vector<float> low, bool rounds) =>
        rounds ? Try(LaneHalf.Round(step), LaneHalf.Round(low)) : Try(step, low);

    // The largest value gets either end of the levels: they may reach farther on one side. In a code book signs stand
    // apart from magnitudes, and a step is never negative.
    private PartFit SearchSteps(bool rounds)
    {
        Vector<float> peak = Vector.ConditionalSelect(Vector.GreaterThan(_high, -_low), _high, _low);
        peak = _grid.HasBooks ? Vector.Abs(peak) : peak;
        PartFit best = PartFit.None;
        foreach (int end in _ends)
        {
            foreach (float share in _shares)
            {
                best = best.Better(Try(peak * (share / end), Vector<float>.Zero, rounds));
            }
        }

        // Values of one size: code books have the smallest magnitude for a whole group, the largest not always.
        return _grid.Books is [CodeBook book, ..]
            ? best.Better(Try(peak * (1f / book.Smallest), Vector<float>.Zero, rounds))
            : best;
    }

    private PartFit SearchWithBase(bool rounds)
    {
        Vector<float> low = _grid.IsNested ? Vector.Min(_low, Vector<float>.Zero) : _low;
        Vector<float> span = Vector.Max(_high - low, Vector<float>.Zero);
        PartFit best = PartFit.None;
        foreach (float below in _shares)
        {
            foreach (float above in _shares)
            {
                Vector<float> start = low + (span * below);
                start = _grid.IsNested ? Vector.Min(start, Vector<float>.Zero) : start;
                Vector<float> step = (low + (span * (1 - above)) - start) * (1f / (_grid.Levels.Length - 1));
                best = best.Better(Try(step, start, rounds));
            }
        }

        return best;
    }

    // Least squares over step and base with the levels that were tried last.
    private (Vector<float> Step, Vector<float> Base) Fit(PartFit known)
    {
        int size = _wanted.Length;
        Vector<float> levels2 = default, levelsSum = default, levelsWanted = default, sumsWanted = default;
        float sums2 = 0;
        for (int k = 0; k < size; k++)
        {
            Vector<float> image = _levels[k];
            for (int i = k + 1; i < size; i++)
            {
                image += _levels[i] * _feedback.Ratios[(k * size) + i];
            }

            (float weight, float sum) = (_feedback.Weights[k], _feedback.Sums[k]);
            levels2 += image * image * weight;
            levelsSum += image * (sum * weight);
            levelsWanted += image * _wanted[k] * weight;
            sumsWanted += _wanted[k] * (sum * weight);
            sums2 += sum * sum * weight;
        }

        Vector<float> alone = Divide(levelsWanted, levels2, known.Step);
        if (!_grid.HasBase)
        {
            return (alone, Vector<float>.Zero);
        }

        Vector<float> determinant = (levels2 * sums2) - (levelsSum * levelsSum);
        Vector<float> step = Divide((levelsWanted * sums2) - (levelsSum * sumsWanted), determinant, known.Step);
        Vector<float> low = Divide((levels2 * sumsWanted) - (levelsSum * levelsWanted), determinant, known.Base);
        if (!_grid.IsNested)
        {
            return (step, low);
        }

        Vector<int> isBelow = Vector.LessThanOrEqual(low, Vector<float>.Zero);
        step = Vector.Max(Vector.ConditionalSelect(isBelow, step, alone), Vector<float>.Zero);
        return (step, Vector.Min(low, Vector<float>.Zero));
    }

    private static Vector<float> Divide(Vector<float> numerator, Vector<float> denominator, Vector<float> otherwise)
    {
        const float Smallest = 1e-30f;
        Vector<int> isUsable = Vector.GreaterThan(denominator, new Vector<float>(Smallest));
        Vector<float> safe = Vector.ConditionalSelect(isUsable, denominator, Vector<float>.One);
        return Vector.ConditionalSelect(isUsable, numerator / safe, otherwise);
    }
}
