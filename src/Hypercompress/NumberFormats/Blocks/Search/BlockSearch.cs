using System.Numerics;
using Hypercompress.NumberFormats.Blocks.Grids;
using Hypercompress.NumberFormats.Blocks.Packing;

namespace Hypercompress.NumberFormats.Blocks.Search;

/// <summary>
/// Finds the numbers of a block, for several rows at once. Where a block has several parts, the numbers that they share
/// are chosen from the steps that each would take by itself; then the parts are decided one after the other, each with
/// the errors of those before it and with the best small numbers for them.
/// </summary>
internal sealed class BlockSearch
{
    private const int Reach = 2;

    private readonly BlockGrid _grid;
    private readonly PartSearch _search;
    private readonly BlockNumbers _numbers;
    private readonly Vector<float>[] _target;
    private readonly Vector<float>[] _open;
    private readonly Vector<float>[] _values;
    private readonly Vector<float>[] _levels;
    private readonly Vector<float>[] _scales;
    private readonly Vector<float>[] _bases;
    private readonly PartFeedback[] _feedback;
    private int[] _offsets = [];
    private float[] _ratios = [];
    private Vector<float> _unit;
    private Vector<float> _baseUnit;

    /// <summary>Prepares the search.</summary>
    /// <param name="grid">The grid.</param>
    public BlockSearch(BlockGrid grid)
    {
        _grid = grid;
        _search = new PartSearch(grid);
        _numbers = new BlockNumbers(grid.Elements, grid.Parts);
        (_target, _open) = (new Vector<float>[grid.Elements], new Vector<float>[grid.Elements]);
        (_values, _levels) = (new Vector<float>[grid.Elements], new Vector<float>[grid.Elements]);
        (_scales, _bases) = (new Vector<float>[grid.Parts], new Vector<float>[grid.Parts]);
        _feedback = new PartFeedback[grid.Parts];
    }

    /// <summary>Rows that are searched at once.</summary>
    public static int Lanes => Vector<float>.Count;

    /// <summary>Begins with a block.</summary>
    /// <param name="offsets">
    /// The element at each place in the order of deciding, which goes from the last place to the first; the elements of
    /// a part are neighbours.
    /// </param>
    /// <param name="ratios">How the errors of elements move the targets of others, place by place.</param>
    /// <param name="weights">The cost of a squared error at each place.</param>
    public void Enter(int[] offsets, float[] ratios, float[] weights)
    {
        (_offsets, _ratios) = (offsets, ratios);
        for (int part = 0; part < _feedback.Length; part++)
        {
            _feedback[part] = new PartFeedback(ratios, weights, part * _grid.PartSize, _grid.PartSize);
        }
    }

    /// <summary>Decides a block of some rows.</summary>
    /// <param name="target">The values that are wanted in the end, column after column.</param>
    /// <param name="open">The same with the errors of all elements that were decided before.</param>
    /// <param name="decided">Receives the values that are stored.</param>
    /// <param name="stride">Rows of a column.</param>
    /// <param name="first">The first of <see cref="Lanes"/> rows.</param>
    public void Solve(
        ReadOnlySpan<float> target, ReadOnlySpan<float> open, Span<float> decided, int stride, int first)
    {
        for (int k = 0; k < _grid.Elements; k++)
        {
            _target[k] = new Vector<float>(target[((k * stride) + first)..]);
            _open[k] = new Vector<float>(open[((k * stride) + first)..]);
        }

        if (_grid.IsNested)
        {
            SolveParts();
        }
        else
        {
            SolveWhole();
        }

        for (int k = 0; k < _grid.Elements; k++)
        {
            _values[k].CopyTo(decided[((k * stride) + first)..]);
        }
    }

    /// <summary>Writes the block of one of the rows that were decided last.</summary>
    /// <param name="lane">0-based row among them.</param>
    /// <param name="block">Its bytes.</param>
    public void Write(int lane, Span<byte> block)
    {
        (_numbers.Scale, _numbers.Base) = ((Half)(_unit[lane] * _grid.Divisor), (Half)_baseUnit[lane]);
        for (int k = 0; k < _offsets.Length; k++)
        {
            _numbers.Codes[_offsets[k]] = _grid.CodeOf((int)_levels[k][lane]);
        }

        for (int part = 0; part < _scales.Length; part++)
        {
            int place = _offsets[part * _grid.PartSize] / _grid.PartSize;
            (_numbers.Scales[place], _numbers.Bases[place]) = ((int)_scales[part][lane], (int)_bases[part][lane]);
        }

        _grid.Packer.Pack(_numbers, block);
    }

    private void SolveWhole()
    {
        _search.Enter(_feedback[0], _target, _open);
        PartFit fit = _search.Search(rounds: true);
        Keep(0, fit);
        (_unit, _baseUnit) = (fit.Step, fit.Base);
    }

    private void SolveParts()
    {
        ChooseUnits();
        for (int part = _grid.Parts - 1; part >= 0; part--)
        {
            Feed(part);
            int first = part * _grid.PartSize;
            _search.Enter(_feedback[part], _target.AsSpan(first, _grid.PartSize), _open.AsSpan(first, _grid.PartSize));
            Keep(part, ChooseSmall(part));
        }
    }

    // The parts as they would be without the errors of the others; the outermost step gets the outermost small number.
    private void ChooseUnits()
    {
        (Vector<float> widest, Vector<float> deepest) = (default, default);
        for (int part = 0; part < _grid.Parts; part++)
        {
            int first = part * _grid.PartSize;
            _search.Enter(_feedback[part], _target.AsSpan(first, _grid.PartSize), _open.AsSpan(first, _grid.PartSize));
            PartFit fit = _search.Search(rounds: false);
            (_scales[part], _bases[part]) = (fit.Step, fit.Base);
            widest = Vector.ConditionalSelect(
                Vector.GreaterThan(Vector.Abs(fit.Step), Vector.Abs(widest)), fit.Step, widest);
            deepest = Vector.Min(deepest, fit.Base);
        }

        _unit = LaneHalf.Round(widest * (_grid.Divisor / (float)_grid.Outermost)) * (1f / _grid.Divisor);
        _baseUnit = _grid.MostBase == 0 ? default : LaneHalf.Round(deepest * (-1f / _grid.MostBase));
    }

    // Errors of the parts that were decided before, each in the order of deciding.
    private void Feed(int part)
    {
        (int first, int end) = (part * _grid.PartSize, (part + 1) * _grid.PartSize);
        for (int k = first; k < end; k++)
        {
            int row = k * _grid.Elements;
            Vector<float> sum = _open[k];
            for (int i = end; i < _grid.Elements; i++)
            {
                sum += (_target[i] - _values[i]) * _ratios[row + i];
            }

            _open[k] = sum;
        }
    }

    // The small numbers around those of the free fit.
    private PartFit ChooseSmall(int part)
    {
        Vector<float> scale = _grid.SmallNumber(Nearest(_scales[part], _unit));
        Vector<float> depth = _grid.MostBase == 0 ? default : Nearest(-_bases[part], _baseUnit);
        (Vector<float> least, Vector<float> most) = (new(_grid.Scales.Least), new(_grid.Scales.Most));
        int baseReach = _grid.MostBase == 0 ? 0 : Reach;
        PartFit best = PartFit.None;
        for (int s = -Reach; s <= Reach; s++)
        {
            Vector<float> small = Vector.Max(least, Vector.Min(most, scale + new Vector<float>(s)));
            for (int b = -baseReach; b <= baseReach; b++)
            {
                Vector<float> low = Vector.Max(
                    Vector<float>.Zero, Vector.Min(new Vector<float>(_grid.MostBase), depth + new Vector<float>(b)));
                best = best.Better(_search.Try(small, low, _unit, _baseUnit));
            }
        }

        (_scales[part], _bases[part]) = (best.Step, best.Base);
        return new PartFit(_grid.Multiple(best.Step) * _unit, -(best.Base * _baseUnit), best.Cost);
    }

    private void Keep(int part, PartFit fit)
    {
        _search.Try(fit.Step, fit.Base);
        _search.Levels.CopyTo(_levels.AsSpan(part * _grid.PartSize));
        _search.Values.CopyTo(_values.AsSpan(part * _grid.PartSize));
    }

    private static Vector<float> Nearest(Vector<float> numbers, Vector<float> unit)
    {
        Vector<int> isZero = Vector.Equals(unit, Vector<float>.Zero);
        Vector<float> quotient = numbers / Vector.ConditionalSelect(isZero, Vector<float>.One, unit);
        return Vector.Round(Vector.ConditionalSelect(isZero, Vector<float>.Zero, quotient));
    }
}
