using System.Collections.Immutable;
using System.Globalization;
using Hypercompress.Models.Errors;

namespace Hypercompress.Planning;

/// <summary>
/// The knapsack with limits on running the model: each limit has a price (a Lagrange multiplier) that is added to the losses,
/// and the lowest prices are sought at which the limits hold.
/// </summary>
/// <param name="units">What can be decided.</param>
/// <param name="request">Target and limits.</param>
internal sealed class LimitedKnapsack(ImmutableArray<PlanUnit> units, PlanRequest request)
{
    private const double RatioSteps = 1e4;
    private const double CheapestShare = 1e-9;
    private const double DearestShare = 1e6;
    private const int PriceSteps = 30;
    private const int Rounds = 4;
    private const int Attempts = 40;
    private const double Raise = 1.1;

    private readonly long _most = request.TargetBytes - request.FixedBytes;
    private readonly long _least = request.Loose
        ? 0
        : (long)Math.Ceiling(request.TargetBytes / BudgetPlanner.Precision) - request.FixedBytes;

    /// <summary>Solves it.</summary>
    /// <returns>A choice for each unit, in their order.</returns>
    /// <exception cref="BudgetException">The bytes cannot be hit, or a limit cannot be held within them.</exception>
    public UnitChoice[] Solve()
    {
        UnitChoice[] free = Pick(RunningPrices.Free);
        if (request.Limits.Allow(CostOf(free)))
        {
            return free;
        }

        RunningCost least = Relaxed(Dearest());
        if (!request.Limits.Allow(least))
        {
            throw OutOfLimits(least);
        }

        RunningPrices prices = Prices();
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            UnitChoice[] picked = Pick(prices);
            if (request.Limits.Allow(CostOf(picked)))
            {
                return picked;
            }

            prices = new RunningPrices(prices.MultiplyAdd * Raise, prices.CachedValue * Raise);
        }

        throw OutOfLimits(least);
    }

    private static RunningCost CostOf(IEnumerable<UnitChoice> picked) => RunningCost.Sum(picked.Select(choice => choice.Cost));

    private static ChoiceKnapsack Pose(UnitChoice[][] choices, RunningPrices prices) => new(
        [.. choices.Select(unit => unit.Select(choice => new ChoicePoint(choice.Bytes, choice.Loss + prices.Of(choice.Cost))).ToArray())]);

    private static UnitChoice[] Find(UnitChoice[][] choices, ChoicePoint[] picked) =>
        [.. choices.Zip(picked, (unit, point) => Array.Find(unit, choice => choice.Bytes == point.Bytes)!)];

    // Each price in turn, since lowering one cost may raise the other.
    private RunningPrices Prices()
    {
        RunningPrices prices = RunningPrices.Free;
        for (int round = 0; round < Rounds; round++)
        {
            RunningPrices before = prices;
            if (request.Limits.CacheBytes is { } cache)
            {
                prices = Cheapest(prices, (old, price) => old with { CachedValue = price }, cost => cost.CacheBytes <= cache, Scale().CachedValue);
            }

            if (request.Limits.MultiplyAdds is { } work)
            {
                prices = Cheapest(prices, (old, price) => old with { MultiplyAdd = price }, cost => cost.MultiplyAdds <= work, Scale().MultiplyAdd);
            }

            if (prices == before)
            {
                break;
            }
        }

        return prices;
    }

    private RunningPrices Cheapest(
        RunningPrices prices, Func<RunningPrices, double, RunningPrices> with, Func<RunningCost, bool> holds, double scale)
    {
        bool Holds(double price) => holds(Relaxed(with(prices, price)));
        if (Holds(0))
        {
            return with(prices, 0);
        }

        (double low, double high) = (Math.Log(CheapestShare * scale), Math.Log(DearestShare * scale));
        for (int step = 0; step < PriceSteps; step++)
        {
            double middle = (low + high) / 2;
            (low, high) = Holds(Math.Exp(middle)) ? (low, middle) : (middle, high);
        }

        return with(prices, Math.Exp(high));
    }

    // Nats for the whole of a cost: about what the model's losses are worth beside it.
    private RunningPrices Scale()
    {
        double nats = Math.Max(units.Sum(unit => unit.LargestLoss), double.Epsilon);
        RunningCost all = RunningCost.Sum(units.Select(unit => unit.LargestCost));
        return new RunningPrices(nats / Math.Max(1, all.MultiplyAdds), nats / Math.Max(1, all.CachedValues));
    }

    private RunningPrices Dearest() => new(
        request.Limits.MultiplyAdds is null ? 0 : DearestShare * Scale().MultiplyAdd,
        request.Limits.CacheBytes is null ? 0 : DearestShare * Scale().CachedValue);

    private RunningCost Relaxed(RunningPrices prices)
    {
        UnitChoice[][] choices = [.. units.Select(unit => unit.At(prices))];
        ChoiceKnapsack knapsack = Pose(choices, prices);
        return CostOf(Find(choices, knapsack.Relax(Math.Max(_most, knapsack.LeastBytes))));
    }

    private UnitChoice[] Pick(RunningPrices prices)
    {
        UnitChoice[][] choices = [.. units.Select(unit => unit.At(prices))];
        return Find(choices, Pick(Pose(choices, prices)));
    }

    private ChoicePoint[] Pick(ChoiceKnapsack knapsack)
    {
        if (knapsack.LeastBytes > _most)
        {
            throw Unreachable(
                knapsack.LeastBytes,
                "the smallest choices take more",
                "ask for less, enable more branches, or exclude fewer sites");
        }

        if (knapsack.FinestBytes < _least)
        {
            throw Unreachable(knapsack.FinestBytes, "even the finest choices take less", "ask for at least that ratio");
        }

        ChoicePoint[] picked = knapsack.Minimize(_most);
        return picked.Sum(point => point.Bytes) >= _least
            ? picked
            : knapsack.Fill(_least, _most) ?? throw Unreachable(
                knapsack.NearestBytes(_most),
                "no combination of choices comes within 1 % of it",
                "ask for that ratio, or enable more branches");
    }

    private BudgetException Unreachable(long siteBytes, string reason, string remedy)
    {
        long bytes = siteBytes + request.FixedBytes;
        double ratio = Math.Floor(RatioSteps * request.TeacherBytes / bytes) / RatioSteps;
        return new BudgetException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"ratio {request.AskedRatio:0.####} means {request.TargetBytes:N0} bytes, but {reason}; "
                + $"the nearest reachable ratio is {ratio:0.####} ({bytes:N0} bytes): {remedy}"),
            request.AskedRatio,
            ratio);
    }

    private BudgetException OutOfLimits(RunningCost least)
    {
        string cache = request.Limits.CacheBytes is { } bytes
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes:N0} bytes of cache a token are allowed, {least.CacheBytes:N0} are what it comes to")
            : string.Empty;
        string work = request.Limits.MultiplyAdds is { } adds
            ? string.Create(CultureInfo.InvariantCulture, $"{adds:N0} multiply-adds a token are allowed, {least.MultiplyAdds:N0} are what it comes to")
            : string.Empty;
        return new BudgetException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"at ratio {request.AskedRatio:0.####} the limits on running the model cannot be held: "
                + $"{string.Join("; ", new[] { cache, work }.Where(text => text.Length > 0))} at the least: allow more, or enable branches that make it less"),
            request.AskedRatio,
            request.AskedRatio);
    }
}
