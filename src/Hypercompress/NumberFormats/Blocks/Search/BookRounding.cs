using System.Numerics;
using System.Runtime.CompilerServices;
using Hypercompress.NumberFormats.Blocks.Books;

namespace Hypercompress.NumberFormats.Blocks.Search;

/// <summary>
/// Takes neighbours together from a code book. Signs that stand apart are those of the values that would leave no error
/// in the cell; where their number must be even and is not, the cheapest one turns. Then the group that costs least
/// with these signs is found.
/// </summary>
/// <param name="book">The code book.</param>
internal sealed class BookRounding(CodeBook book) : PartRounding
{
    private readonly Vector<float>[] _open = new Vector<float>[CodeBook.Cell];
    private readonly Vector<float>[] _signs = new Vector<float>[CodeBook.Cell];
    private readonly Vector<float>[] _exact = new Vector<float>[CodeBook.Cell];
    private readonly Vector<float>[] _costs = new Vector<float>[book.Width + 1];
    private readonly Vector<float>[] _wanted = new Vector<float>[book.Width];
    private readonly Vector<float>[] _values = new Vector<float>[book.Width];
    private readonly Vector<float>[] _path = new Vector<float>[book.Width];
    private readonly Vector<float>[] _best = new Vector<float>[book.Width];

    /// <inheritdoc/>
    public override Vector<float> Decide(
        Vector<float> step,
        Vector<float> low,
        ReadOnlySpan<Vector<float>> wanted,
        PartFeedback feedback,
        Span<Vector<float>> levels,
        Span<Vector<float>> values)
    {
        Vector<float> cost = default;
        int size = wanted.Length;
        for (int first = size - CodeBook.Cell; first >= 0; first -= CodeBook.Cell)
        {
            Open(wanted, feedback, values, first);
            ChooseSigns(feedback, first, size);
            for (int group = CodeBook.Cell - book.Width; group >= 0; group -= book.Width)
            {
                cost += Search(step, feedback, first, group, size, values);
                for (int k = 0; k < book.Width; k++)
                {
                    Vector<float> level = _best[k] * _signs[group + k];
                    (levels[first + group + k], values[first + group + k]) = (level, step * level);
                }
            }
        }

        return cost;
    }

    // Targets of a cell with the errors of all cells that were decided before it.
    private void Open(
        ReadOnlySpan<Vector<float>> wanted, PartFeedback feedback, ReadOnlySpan<Vector<float>> values, int first)
    {
        int size = wanted.Length;
        for (int k = 0; k < CodeBook.Cell; k++)
        {
            Vector<float> open = wanted[first + k];
            int row = (first + k) * size;
            for (int i = first + CodeBook.Cell; i < size; i++)
            {
                open -= values[i] * feedback.Ratios[row + i];
            }

            _open[k] = open;
        }
    }

    private void ChooseSigns(PartFeedback feedback, int first, int size)
    {
        if (book.Signs == SignRule.InGroups)
        {
            Array.Fill(_signs, Vector<float>.One);
            return;
        }

        Vector<float> product = Vector<float>.One;
        Vector<float> cheapest = new(float.PositiveInfinity);
        for (int k = CodeBook.Cell - 1; k >= 0; k--)
        {
            Vector<float> exact = _open[k];
            for (int i = k + 1; i < CodeBook.Cell; i++)
            {
                exact -= _exact[i] * feedback.Ratios[((first + k) * size) + first + i];
            }

            _exact[k] = exact;
            _signs[k] = Vector.ConditionalSelect(
                Vector.LessThan(exact, Vector<float>.Zero), -Vector<float>.One, Vector<float>.One);
            product *= _signs[k];
            cheapest = Vector.Min(cheapest, Vector.Abs(exact) * feedback.Weights[first + k]);
        }

        for (int k = 0; k < CodeBook.Cell && book.Signs == SignRule.Even; k++)
        {
            Vector<float> price = Vector.Abs(_exact[k]) * feedback.Weights[first + k];
            Vector<int> turns = Vector.LessThan(product, Vector<float>.Zero) & Vector.Equals(price, cheapest);
            Vector<float> turn = Vector.ConditionalSelect(turns, -Vector<float>.One, Vector<float>.One);
            (_signs[k], product) = (_signs[k] * turn, product * turn);
        }
    }

    // Depth first; a branch is left when it costs more than the best group of every row.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Vector<float> Search(
        Vector<float> step, PartFeedback feedback, int first, int group, int size, ReadOnlySpan<Vector<float>> values)
    {
        int last = book.Width - 1;
        Vector<float> best = new(float.PositiveInfinity);
        _wanted[last] = Wanted(feedback, first, group, last, size, values);
        _costs[last + 1] = default;
        ReadOnlySpan<CodeBookNode> nodes = book.Nodes.AsSpan();
        int at = 0;
        while (at < nodes.Length)
        {
            CodeBookNode node = nodes[at];
            int place = node.Place;
            Vector<float> level = new(node.Level);
            Vector<float> value = step * _signs[group + place] * level;
            Vector<float> error = _wanted[place] - value;
            Vector<float> cost = _costs[place + 1] + (error * error * feedback.Weights[first + group + place]);
            if (Vector.GreaterThanOrEqualAll(cost, best))
            {
                at = node.Next;
                continue;
            }

            (_costs[place], _path[place]) = (cost, level);
            at++;
            if (place > 0)
            {
                _values[place] = value;
                _wanted[place - 1] = Wanted(feedback, first, group, place - 1, size, values);
                continue;
            }

            Vector<int> improves = Vector.LessThan(cost, best);
            best = Vector.ConditionalSelect(improves, cost, best);
            for (int k = 0; k <= last; k++)
            {
                _best[k] = Vector.ConditionalSelect(improves, _path[k], _best[k]);
            }
        }

        return best;
    }

    // The target of a place, with the errors of the groups and places of its cell that come before it.
    private Vector<float> Wanted(
        PartFeedback feedback, int first, int group, int place, int size, ReadOnlySpan<Vector<float>> values)
    {
        Vector<float> wanted = _open[group + place];
        int row = ((first + group + place) * size) + first;
        for (int i = place + 1; i < book.Width; i++)
        {
            wanted -= _values[i] * feedback.Ratios[row + group + i];
        }

        for (int i = group + book.Width; i < CodeBook.Cell; i++)
        {
            wanted -= values[first + i] * feedback.Ratios[row + i];
        }

        return wanted;
    }
}
