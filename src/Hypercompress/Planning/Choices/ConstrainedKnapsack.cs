using System.Collections.Immutable;
using System.Globalization;
using Hypercompress.Planning.Offers;

namespace Hypercompress.Planning.Choices;

/// <summary>
/// The knapsack with limits on running the model: each limit has a price (a Lagrange multiplier) that is added to the
/// losses,
/// and the lowest prices are sought at which the limits hold.
/// </summary>
/// <param name="units">The sites that are decided together, with their choices.</param>
/// <param name="request">Target and limits.</param>
internal sealed class ConstrainedKnapsack(ImmutableArray<PlanUnit> units, PlanRequest request)
{
    private const double CheapestShare = 1e-9;
    private const double DearestShare = 1e6;
    private const int PriceSteps = 30;
    private const int Rounds = 4;
    private const int Attempts = 40;
    private const double Raise = 1.1;

    private readonly long _most = request.TargetBytes - request.FixedBytes;
    private readonly long _least = request.Loose
        ? 0
        : (long)Math.Ceiling(request.TargetBytes / PlanRequest.Precision) - request.FixedBytes;

    /// <summary>Solves it.</summary>
    /// <returns>A choice for each unit, in their order.</returns>
    /// <exception cref="BudgetException">
    /// No combination of choices takes that many bytes, or none that does keeps within the limits.
    /// </exception>
    public UnitChoice[] Solve()
    {
        UnitChoice[] free = Pick(InferencePrices.Free);
        if (request.Limits.Allow(CostOf(free)))
        {
            return free;
        }

        InferenceCost least = Relaxed(Dearest());
        if (!request.Limits.Allow(least))
        {
            throw request.Limits.Refusal(request.Asked, least);
        }

        InferencePrices prices = Prices();
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            UnitChoice[] picked = Pick(prices);
            if (request.Limits.Allow(CostOf(picked)))
            {
                return picked;
            }

            prices = new InferencePrices(prices.MultiplyAdd * Raise, prices.CachedValue * Raise);
        }

        throw request.Limits.Refusal(request.Asked, least);
    }

    private static InferenceCost CostOf(IEnumerable<UnitChoice> picked) =>
        InferenceCost.Sum(picked.Select(choice => choice.Cost));

    private static Knapsack Pose(UnitChoice[][] choices, InferencePrices prices) => new(
        [.. choices.Select(unit => unit.Select(
            choice => new CostPoint(choice.Bytes, choice.Loss + prices.Of(choice.Cost))).ToArray())]);

    private static UnitChoice[] Find(UnitChoice[][] choices, CostPoint[] picked) =>
        [.. choices.Zip(picked, (unit, point) => Array.Find(unit, choice => choice.Bytes == point.Bytes)!)];

    // Each price in turn, since lowering one cost may raise the other.
    private InferencePrices Prices()
    {
        InferencePrices prices = InferencePrices.Free;
        for (int round = 0; round < Rounds; round++)
        {
            InferencePrices before = prices;
            if (request.Limits.CacheBytes is { } cache)
            {
                prices =
                    Cheapest(
                        prices,
                        (old, price) => old with { CachedValue = price },
                        cost => cost.CacheBytes <= cache,
                        Scale().CachedValue);
            }

            if (request.Limits.MultiplyAdds is { } work)
            {
                prices =
                    Cheapest(
                        prices,
                        (old, price) => old with { MultiplyAdd = price },
                        cost => cost.MultiplyAdds <= work,
                        Scale().MultiplyAdd);
            }

            if (prices == before)
            {
                break;
            }
        }

        return prices;
    }

    private InferencePrices Cheapest(
        InferencePrices prices,
        Func<InferencePrices, double, InferencePrices> with,
        Func<InferenceCost, bool> holds,
        double scale)
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

    // Nats for the whole of a cost, on the scale of the model's losses.
    private InferencePrices Scale()
    {
        double nats = Math.Max(units.Sum(unit => unit.LargestLoss), double.Epsilon);
        InferenceCost all = InferenceCost.Sum(units.Select(unit => unit.LargestCost));
        return new InferencePrices(nats / Math.Max(1, all.MultiplyAdds), nats / Math.Max(1, all.CachedValues));
    }

    private InferencePrices Dearest() => new(
        request.Limits.MultiplyAdds is null ? 0 : DearestShare * Scale().MultiplyAdd,
        request.Limits.CacheBytes is null ? 0 : DearestShare * Scale().CachedValue);

    private InferenceCost Relaxed(InferencePrices prices)
    {
        UnitChoice[][] choices = [.. units.Select(unit => unit.At(prices))];
        Knapsack knapsack = Pose(choices, prices);
        return CostOf(Find(choices, knapsack.Relax(Math.Max(_most, knapsack.LeastBytes))));
    }

    private UnitChoice[] Pick(InferencePrices prices)
    {
        UnitChoice[][] choices = [.. units.Select(unit => unit.At(prices))];
        return Find(choices, Pick(Pose(choices, prices)));
    }

    private CostPoint[] Pick(Knapsack knapsack)
    {
        if (knapsack.LeastBytes > _most)
        {
            throw Unreachable(
                knapsack.LeastBytes,
                "the smallest choices take more",
                $"{request.Asked.GiveMore}, enable more branches, or exclude fewer sites");
        }

        if (knapsack.FinestBytes < _least)
        {
            throw Unreachable(
                knapsack.FinestBytes,
                "even the finest choices take less",
                request.Asked.GiveAtMost);
        }

        CostPoint[] picked = knapsack.Minimize(_most);
        return picked.Sum(point => point.Bytes) >= _least
            ? picked
            : knapsack.Fill(_least, _most) ?? throw Unreachable(
                knapsack.NearestBytes(_most),
                "no combination of choices comes within 1 % of it",
                $"{request.Asked.GiveThat}, or enable more branches");
    }

    private BudgetException Unreachable(long siteBytes, string reason, string remedy) => request.Asked.Refusal(
        reason, siteBytes + request.FixedBytes, "that can be reached", remedy);
}
