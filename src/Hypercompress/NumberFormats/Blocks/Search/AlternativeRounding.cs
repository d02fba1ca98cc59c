using System.Numerics;

namespace Hypercompress.NumberFormats.Blocks.Search;

/// <summary>Decides a part in each of several ways, and keeps for each row the one that costs least.</summary>
/// <param name="ways">The ways; where two cost the same, the first is kept.</param>
internal sealed class AlternativeRounding(PartRounding[] ways) : PartRounding
{
    private Vector<float>[] _levels = [];
    private Vector<float>[] _values = [];

    /// <inheritdoc/>
    public override Vector<float> Decide(
        Vector<float> step,
        Vector<float> low,
        ReadOnlySpan<Vector<float>> wanted,
        PartFeedback feedback,
        Span<Vector<float>> levels,
        Span<Vector<float>> values)
    {
        if (_levels.Length != wanted.Length)
        {
            (_levels, _values) = (new Vector<float>[wanted.Length], new Vector<float>[wanted.Length]);
        }

        Vector<float> best = ways[0].Decide(step, low, wanted, feedback, levels, values);
        foreach (PartRounding way in ways.AsSpan(1))
        {
            Vector<float> cost = way.Decide(step, low, wanted, feedback, _levels, _values);
            Vector<int> improves = Vector.LessThan(cost, best);
            best = Vector.ConditionalSelect(improves, cost, best);
            for (int k = 0; k < wanted.Length; k++)
            {
                levels[k] = Vector.ConditionalSelect(improves, _levels[k], levels[k]);
                values[k] = Vector.ConditionalSelect(improves, _values[k], values[k]);
            }
        }

        return best;
    }
}
