namespace Hypercompress.Planning.Choices;

/// <summary>
/// Dynamic programming over the sums that one choice per site can reach. Sums that cannot end inside the window are cut
/// off, so that near the optimum few remain (the core of a multiple-choice knapsack, Pisinger 1995). Exact while no
/// more
/// than a fixed number of sums are held at once; above that, those nearest to the optimum of the relaxation are kept.
/// </summary>
internal sealed class KnapsackSearch
{
    private readonly IReadOnlyList<CostPoint[]> _sites;
    private readonly SearchBounds _window;
    private readonly int _maxSums;
    private readonly double[] _leastPriced;
    private readonly long[] _leastAfter;
    private readonly long[] _mostAfter;
    private readonly List<(int[] Parents, int[] Choices)> _steps = [];

    private KnapsackSearch(IReadOnlyList<CostPoint[]> sites, SearchBounds window, int maxSums)
    {
        (_sites, _window, _maxSums) = (sites, window, maxSums);
        _leastPriced = new double[sites.Count + 1];
        for (int site = 0; site < sites.Count; site++)
        {
            _leastPriced[site + 1] = _leastPriced[site] + sites[site].Min(Priced);
        }

        (_leastAfter, _mostAfter) = (new long[sites.Count + 1], new long[sites.Count + 1]);
        for (int site = sites.Count - 1; site >= 0; site--)
        {
            _leastAfter[site] = _leastAfter[site + 1] + sites[site].Min(point => point.Bytes);
            _mostAfter[site] = _mostAfter[site + 1] + sites[site].Max(point => point.Bytes);
        }
    }

    /// <summary>The sums that were reached, by bytes.</summary>
    public CostPoint[] Sums { get; private set; } = [new(0, 0)];

    /// <summary>Runs a search.</summary>
    /// <param name="sites">The choices of each site, by bytes.</param>
    /// <param name="window">The sums to look for.</param>
    /// <param name="maxSums">Sums that may be held at once.</param>
    /// <returns>The finished search.</returns>
    public static KnapsackSearch Run(IReadOnlyList<CostPoint[]> sites, SearchBounds window, int maxSums)
    {
        var search = new KnapsackSearch(sites, window, maxSums);
        for (int site = 0; site < sites.Count && search.Sums.Length > 0; site++)
        {
            search.Add(site);
        }

        return search;
    }

    /// <summary>How a sum comes about.</summary>
    /// <param name="sum">Index into <see cref="Sums"/>.</param>
    /// <returns>The index of the choice of each site.</returns>
    public int[] Trace(int sum)
    {
        var choices = new int[_sites.Count];
        for (int site = _sites.Count - 1; site >= 0; site--)
        {
            choices[site] = _steps[site].Choices[sum];
            sum = _steps[site].Parents[sum];
        }

        return choices;
    }

    private double Priced(CostPoint point) => point.Error + (_window.BytePrice * point.Bytes);

    private void Add(int site)
    {
        CostPoint[] options = _sites[site];
        var found = new List<CostPoint>();
        var origins = new List<(int Parent, int Choice)>();
        for (int parent = 0; parent < Sums.Length; parent++)
        {
            for (int choice = 0; choice < options.Length; choice++)
            {
                var sum = new CostPoint(
                    Sums[parent].Bytes + options[choice].Bytes, Sums[parent].Error + options[choice].Error);
                if (sum.Bytes + _leastAfter[site + 1] <= _window.MostBytes
                    && sum.Bytes + _mostAfter[site + 1] >= _window.LeastBytes
                    && Priced(sum) - _leastPriced[site + 1] <= _window.Gap)
                {
                    found.Add(sum);
                    origins.Add((parent, choice));
                }
            }
        }

        List<int> alive = Reduce(found);
        Sums = [.. alive.Select(index => found[index])];
        _steps.Add(
            ([.. alive.Select(index => origins[index].Parent)], [.. alive.Select(index => origins[index].Choice)]));
    }

    // Indices of the sums that are kept, by bytes.
    private List<int> Reduce(List<CostPoint> found)
    {
        int[] order = ByBytes(found);
        List<int> alive = Front(found, order, 1);
        for (long step = 2; _window.KeepDominated && alive.Count > _maxSums; step *= 2)
        {
            alive = Front(found, order, step);
        }

        if (alive.Count > _maxSums)
        {
            alive = [.. alive.OrderBy(index => Priced(found[index])).Take(_maxSums)];
            alive.Sort((a, b) => found[a].Bytes.CompareTo(found[b].Bytes));
        }

        return alive;
    }

    private static int[] ByBytes(List<CostPoint> found)
    {
        long[] bytes = [.. found.Select(sum => sum.Bytes)];
        int[] order = [.. Enumerable.Range(0, found.Count)];
        Array.Sort(bytes, order);
        return order;
    }

    // The best sum of each step of bytes, and of these, unless dominated ones stay, only those that improve with bytes.
    private List<int> Front(List<CostPoint> found, int[] order, long step)
    {
        var front = new List<int>();
        foreach (int index in order)
        {
            bool sameStep = front.Count > 0 && found[front[^1]].Bytes / step == found[index].Bytes / step;
            bool better = front.Count == 0 || found[index].Error < found[front[^1]].Error;
            if (sameStep && better)
            {
                front[^1] = index;
            }
            else if (!sameStep && (better || _window.KeepDominated))
            {
                front.Add(index);
            }
        }

        return front;
    }
}
