namespace Hypercompress.Models.Generation.Drawing;

/// <summary>
/// The tokens that may come next and how probable each is: temperature, then the best k, then the nucleus (Holtzman et
/// al. 2020), in the order of Hugging Face transformers.
/// </summary>
internal sealed class TokenDistribution
{
    // Tokens this far below the best, in temperatures, are looked at only when the nucleus is wider than those above.
    private const double Reach = 12;

    private readonly int[] _ids;
    private readonly double[] _weights;
    private readonly double _sum;

    private TokenDistribution(int[] ids, double[] weights)
    {
        (_ids, _weights) = (ids, weights);
        _sum = weights.Sum();
    }

    /// <summary>Computes it.</summary>
    /// <param name="logits">One number a token of the vocabulary; the largest is finite.</param>
    /// <param name="temperature">The divisor of logits, above 0.</param>
    /// <param name="topK">How many of the best tokens stay; 0 for all.</param>
    /// <param name="topP">The fewest best tokens whose probabilities reach this stay, in (0, 1]; 1 for all.</param>
    public static TokenDistribution Of(ReadOnlySpan<float> logits, double temperature, int topK, double topP)
    {
        float best = float.NegativeInfinity;
        foreach (float logit in logits)
        {
            best = MathF.Max(best, logit);
        }

        var weights = new double[logits.Length];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = Math.Exp(((double)logits[i] - best) / temperature);
        }

        bool isWhole = topP >= 1 && (topK == 0 || topK >= weights.Length);
        return isWhole
            ? new TokenDistribution([.. Enumerable.Range(0, weights.Length)], weights)
            : Cut(weights, topK, topP);
    }

    /// <summary>The probability of a token; 0 for one that is left out.</summary>
    /// <param name="id">The token.</param>
    public double Of(int id)
    {
        int place = Array.IndexOf(_ids, id);
        return place < 0 ? 0 : _weights[place] / _sum;
    }

    /// <summary>Draws a token.</summary>
    /// <param name="draw">In [0, 1).</param>
    public int Draw(double draw)
    {
        double rest = draw * _sum;
        int last = 0;
        for (int i = 0; i < _ids.Length; i++)
        {
            if (_weights[i] > 0)
            {
                last = i;
                rest -= _weights[i];
                if (rest < 0)
                {
                    break;
                }
            }
        }

        return _ids[last];
    }

    /// <summary>What this one gives more than another: max(p − q, 0), scaled to 1.</summary>
    /// <param name="other">The other.</param>
    public TokenDistribution Beyond(TokenDistribution other)
    {
        Dictionary<int, double> others = new(other._ids.Length);
        for (int i = 0; i < other._ids.Length; i++)
        {
            others.Add(other._ids[i], other._weights[i] / other._sum);
        }

        double[] more =
            [.. _ids.Select((id, i) => Math.Max((_weights[i] / _sum) - others.GetValueOrDefault(id), 0))];
        return more.Any(weight => weight > 0) ? new TokenDistribution(_ids, more) : this;
    }

    private static TokenDistribution Cut(double[] weights, int topK, double topP)
    {
        double all = weights.Sum();
        (int[] ids, double[] kept) = Sorted(weights, Math.Exp(-Reach));
        bool isEnough = topK > 0 ? ids.Length >= topK : kept.Sum() >= topP * all;
        if (!isEnough)
        {
            (ids, kept) = Sorted(weights, 0);
        }

        int count = topK > 0 ? int.Min(topK, ids.Length) : ids.Length;
        double most = topK > 0 ? kept.Take(count).Sum() : all;
        int used = 0;
        for (double before = 0; used < count && (topP >= 1 || before < topP * most); used++)
        {
            before += kept[used];
        }

        return new TokenDistribution(ids[..used], kept[..used]);
    }

    // The most probable first; the lowest id among equals.
    private static (int[] Ids, double[] Weights) Sorted(double[] weights, double least)
    {
        int[] ids = [.. Enumerable.Range(0, weights.Length).Where(id => weights[id] >= least)];
        Array.Sort(ids, (a, b) => weights[a] != weights[b] ? weights[b].CompareTo(weights[a]) : a.CompareTo(b));
        return (ids, [.. ids.Select(id => weights[id])]);
    }
}
