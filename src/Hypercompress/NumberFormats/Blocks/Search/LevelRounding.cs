using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.CompilerServices;
using Hypercompress.NumberFormats.Blocks.Grids;

namespace Hypercompress.NumberFormats.Blocks.Search;

/// <summary>Rounds each element to the nearest level of a grid.</summary>
internal sealed class LevelRounding : PartRounding
{
    private readonly Vector<float> _least;
    private readonly Vector<float> _most;
    private readonly bool _isEven;
    private readonly (Vector<float> Above, Vector<float> Added)[] _steps;

    /// <summary>Prepares the rounding.</summary>
    /// <param name="grid">The grid.</param>
    public LevelRounding(BlockGrid grid)
    {
        ImmutableArray<int> levels = grid.Levels;
        _isEven = grid.IsEven;
        (_least, _most) = (new Vector<float>(levels[0]), new Vector<float>(levels[^1]));
        _steps =
        [
            .. levels.Zip(levels.Skip(1), (low, high) =>
                (new Vector<float>((low + high) / 2f), new Vector<float>(high - low))),
        ];
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override Vector<float> Decide(
        Vector<float> step,
        Vector<float> low,
        ReadOnlySpan<Vector<float>> wanted,
        PartFeedback feedback,
        Span<Vector<float>> levels,
        Span<Vector<float>> values)
    {
        Vector<int> isZero = Vector.Equals(step, Vector<float>.Zero);
        Vector<float> safe = Vector.ConditionalSelect(isZero, Vector<float>.One, step);
        Vector<float> inverse = Vector.ConditionalSelect(isZero, Vector<float>.Zero, Vector<float>.One / safe);
        Vector<float> cost = default;
        int size = wanted.Length;
        float[] ratios = feedback.Ratios;
        for (int k = size - 1; k >= 0; k--)
        {
            Vector<float> open = wanted[k];
            int row = k * size;
            for (int i = k + 1; i < size; i++)
            {
                open -= values[i] * ratios[row + i];
            }

            Vector<float> level = Nearest((open - low) * inverse);
            Vector<float> value = (step * level) + low;
            Vector<float> error = open - value;
            (levels[k], values[k]) = (level, value);
            cost += error * error * feedback.Weights[k];
        }

        return cost;
    }

    private Vector<float> Nearest(Vector<float> numbers)
    {
        if (_isEven)
        {
            return Vector.Max(_least, Vector.Min(_most, Vector.Round(numbers)));
        }

        Vector<float> level = _least;
        foreach ((Vector<float> above, Vector<float> added) in _steps)
        {
            level += Vector.ConditionalSelect(Vector.GreaterThan(numbers, above), added, Vector<float>.Zero);
        }

        return level;
    }
}
