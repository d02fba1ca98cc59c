namespace Hypercompress.Planning.Choices;

/// <summary>
/// Picks one choice per site so that the errors add up to as little as possible within a number of bytes (the
/// multiple-choice knapsack problem). Greedy along the lower convex hulls gives a solution and a bound; the gap between
/// the two is searched.
/// </summary>
internal sealed class Knapsack
{
    private const int MaxCoreSums = 2048;
    private const int MaxFillWork = 20_000_000;
    private const int CoarseSums = 1 << 11;
    private const int FineSums = 1 << 16;
    private const double NegligibleGap = 1e-5;
    private readonly IReadOnlyList<CostPoint[]> _sites;
    private readonly CostPoint[][] _fronts;

    /// <summary>Poses the problem.</summary>
    /// <param name="sites">The choices of each site, at least one, by bytes, no two of the same bytes.</param>
    public Knapsack(IReadOnlyList<CostPoint[]> sites)
    {
        _sites = sites;
        _fronts = [.. sites.Select(site => ParetoFront.Of(site).Select(index => site[index]).ToArray())];
    }

    /// <summary>Bytes of the smallest choices.</summary>
    public long LeastBytes => _sites.Sum(site => site[0].Bytes);

    /// <summary>Bytes of the choices of least error.</summary>
    public long FinestBytes => _fronts.Sum(front => front[^1].Bytes);

    /// <summary>The least error within a budget.</summary>
    /// <param name="budget">Bytes, at least <see cref="LeastBytes"/>.</param>
    /// <returns>One choice per site.</returns>
    public CostPoint[] Minimize(long budget)
    {
        (int[] picks, double price) = Greedy(budget);
        FillSlack(picks, budget);
        CostPoint[] best = [.. picks.Select((pick, site) => _fronts[site][pick])];
        double gap = Error(best) - Bound(price, budget);
        if (price <= 0 || gap <= NegligibleGap * Error(best))
        {
            return best;
        }

        CostPoint[][] core = [.. _fronts.Select(front => Core(front, price, gap))];
        var window = new SearchBounds((long)(budget - (gap / price)), budget, price, gap, KeepDominated: false);
        KnapsackSearch search = KnapsackSearch.Run(core, window, MaxCoreSums);
        return search.Sums.Length > 0 && search.Sums[^1].Error < Error(best)
            ? Picked(core, search.Trace(search.Sums.Length - 1))
            : best;
    }

    /// <summary>Nearly the least error within a budget, at a fraction of the work.</summary>
    /// <param name="budget">Bytes, at least <see cref="LeastBytes"/>.</param>
    /// <returns>One choice per site, all on the lower convex hulls.</returns>
    public CostPoint[] Relax(long budget) => [.. Greedy(budget).Picks.Select((pick, site) => _fronts[site][pick])];

    /// <summary>The least error with at least and at most so many bytes.</summary>
    /// <param name="least">Fewest bytes.</param>
    /// <param name="most">Most bytes.</param>
    /// <returns>One choice per site, or null when none was found.</returns>
    public CostPoint[]? Fill(long least, long most)
    {
        // A coarse search is enough nearly always, and thirty times as fast.
        KnapsackSearch coarse = SearchAll(least, most, CoarseSums);
        KnapsackSearch search = coarse.Sums.Length > 0 ? coarse : SearchAll(least, most, FineSums);
        return search.Sums.Length == 0
            ? null
            : Picked(_sites, search.Trace(IndexOfLeast(search.Sums, sum => sum.Error)));
    }

    /// <summary>The sum of bytes that is nearest to a wanted one.</summary>
    /// <param name="bytes">Wanted bytes, at least <see cref="LeastBytes"/>.</param>
    /// <returns>Bytes that a choice per site adds up to.</returns>
    public long NearestBytes(long bytes)
    {
        KnapsackSearch search = SearchAll(0, 2 * bytes, FineSums);
        return search.Sums.Length > 0
            ? search.Sums[IndexOfLeast(search.Sums, sum => Math.Abs(sum.Bytes - bytes))].Bytes
            : Minimize(bytes).Sum(point => point.Bytes);
    }

    private static double Error(IEnumerable<CostPoint> points) => points.Sum(point => point.Error);

    private static CostPoint[] Picked(IReadOnlyList<CostPoint[]> sites, int[] picks) =>
        [.. picks.Select((pick, site) => sites[site][pick])];

    private static int IndexOfLeast(CostPoint[] sums, Func<CostPoint, double> measure) =>
        Enumerable.Range(0, sums.Length).MinBy(index => measure(sums[index]));

    private static CostPoint[] Core(CostPoint[] front, double price, double gap)
    {
        double least = front.Min(point => point.Error + (price * point.Bytes));
        return [.. front.Where(point => point.Error + (price * point.Bytes) - least <= gap)];
    }

    // Steps of all hulls, steepest first. A step that does not fit ends its own site; the price is the slope of the
    // first.
    private (int[] Picks, double Price) Greedy(long budget)
    {
        var steps = new List<(double Slope, int Site, int From, int To)>();
        for (int site = 0; site < _fronts.Length; site++)
        {
            CostPoint[] front = _fronts[site];
            List<int> hull = ParetoFront.Hull(front);
            steps.AddRange(
                hull.Zip(hull.Skip(1), (from, to) => (ParetoFront.Slope(front[from], front[to]), site, from, to)));
        }

        var picks = new int[_fronts.Length];
        long left = budget - LeastBytes;
        double price = 0;
        foreach ((double slope, int site, int from, int to) in steps.OrderByDescending(step => step.Slope))
        {
            long bytes = _fronts[site][to].Bytes - _fronts[site][from].Bytes;
            if (picks[site] == from && bytes <= left)
            {
                picks[site] = to;
                left -= bytes;
            }
            else if (price == 0)
            {
                price = slope;
            }
        }

        return (picks, price);
    }

    // The largest single improvement that still fits, over all choices, until none is left.
    private void FillSlack(int[] picks, long budget)
    {
        long left = budget - picks.Select((pick, site) => _fronts[site][pick].Bytes).Sum();
        while (true)
        {
            (double Gain, int Site, int Pick) best = default;
            for (int site = 0; site < picks.Length; site++)
            {
                CostPoint now = _fronts[site][picks[site]];
                int pick = Array.FindLastIndex(_fronts[site], point => point.Bytes <= now.Bytes + left);
                double gain = now.Error - _fronts[site][pick].Error;
                best = gain > best.Gain ? (gain, site, pick) : best;
            }

            if (best.Gain <= 0)
            {
                return;
            }

            left -= _fronts[best.Site][best.Pick].Bytes - _fronts[best.Site][picks[best.Site]].Bytes;
            picks[best.Site] = best.Pick;
        }
    }

    // Lagrangian bound: no solution within the budget has less error.
    private double Bound(double price, long budget) =>
        _fronts.Sum(front => front.Min(point => point.Error + (price * point.Bytes))) - (price * budget);

    private KnapsackSearch SearchAll(long least, long most, int mostSums)
    {
        int sums = Math.Clamp(MaxFillWork / _sites.Sum(site => site.Length), 1 << 10, mostSums);
        var window = new SearchBounds(least, most, 0, double.PositiveInfinity, KeepDominated: true);
        return KnapsackSearch.Run(_sites, window, sums);
    }
}
