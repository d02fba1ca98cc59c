using System.Collections.Immutable;
using System.Numerics;
using Hypercompress.NumberFormats.Blocks.Grids;

namespace Hypercompress.NumberFormats.Blocks.Search;

/// <summary>Rounds to the levels of a grid, several numbers at once.</summary>
internal sealed class LevelRounding
{
    private const int CodeShift = 128;

    private readonly ImmutableArray<int> _levels;
    private readonly Vector<float> _least;
    private readonly Vector<float> _most;
    private readonly bool _isEven;
    private readonly (Vector<float> Above, Vector<float> Added)[] _steps;
    private readonly byte[] _codes = new byte[2 * CodeShift];

    /// <summary>Prepares the rounding.</summary>
    /// <param name="grid">The grid.</param>
    public LevelRounding(BlockGrid grid)
    {
        (_levels, _isEven) = (grid.Levels, grid.IsEven);
        (_least, _most) = (new Vector<float>(_levels[0]), new Vector<float>(_levels[^1]));
        _steps =
        [
            .. _levels.Zip(_levels.Skip(1), (low, high) =>
                (new Vector<float>((low + high) / 2f), new Vector<float>(high - low))),
        ];
        for (int code = 0; code < _levels.Length; code++)
        {
            _codes[_levels[code] + CodeShift] = (byte)code;
        }
    }

    /// <summary>The code of a level.</summary>
    /// <param name="level">One of the levels.</param>
    public byte CodeOf(float level) => _codes[(int)level + CodeShift];

    /// <summary>The level next to each number.</summary>
    /// <param name="numbers">In units of a step.</param>
    public Vector<float> Nearest(Vector<float> numbers)
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
