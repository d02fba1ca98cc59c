using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.Planning;
using Hypercompress.Planning.Offers;
using Hypercompress.Sites;

namespace Hypercompress.Tests.Planning.Offers;

/// <summary>Limits on running the student, and layers that are treated alike.</summary>
public sealed class PlanLimitsTests
{
    private static readonly BudgetPlanner Planner = new();

    [Theory]
    [InlineData(3000)]
    [InlineData(2000)]
    [InlineData(1000)]
    public void Plan_WithACacheLimit_KeepsItNearTheBound(long cacheBytes)
    {
        PlanRequest request =
            MadeUpOffers.Request(3, Model(seed: 5)) with { Limits = new PlanLimits(null, cacheBytes) };

        CompressionPlan plan = Planner.Plan(request);

        Assert.InRange(plan.Ratio, 3, 3.03);
        Assert.InRange(plan.Cost.CacheBytes, 0, cacheBytes);
        Assert.InRange(
            plan.PredictedLoss,
            Planner.Plan(request with { Limits = PlanLimits.None }).PredictedLoss,
            1.1 * Bound(request));
    }

    [Fact]
    public void Plan_WithBothLimits_KeepsBoth()
    {
        PlanRequest request = MadeUpOffers.Request(3, Model(seed: 6));
        InferenceCost free = Planner.Plan(request).Cost;
        var limits = new PlanLimits((long)(0.8 * free.MultiplyAdds), (long)(0.5 * free.CacheBytes));

        CompressionPlan plan = Planner.Plan(request with { Limits = limits });

        Assert.True(limits.Allow(plan.Cost), $"{plan.Cost} and {limits}");
        Assert.InRange(plan.Ratio, 3, 3.03);
    }

    [Fact]
    public void Plan_WithALimitThatHoldsAnyway_IsThePlanWithoutIt()
    {
        PlanRequest request = MadeUpOffers.Request(3, Model(seed: 7));
        CompressionPlan free = Planner.Plan(request);

        CompressionPlan plan = Planner.Plan(
            request with { Limits = new PlanLimits(free.Cost.MultiplyAdds, free.Cost.CacheBytes) });

        Assert.Equal(free.Sites.Select(site => site.Bytes), plan.Sites.Select(site => site.Bytes));
    }

    [Fact]
    public void Plan_WithAnImpossibleLimit_SaysWhatItComesTo()
    {
        PlanRequest request = MadeUpOffers.Request(3, Model(seed: 8)) with { Limits = new PlanLimits(null, 3) };

        var refused = Assert.Throws<BudgetException>(() => Planner.Plan(request));

        Assert.Contains(
            "planner.max_kv_bytes_per_token allows 3 bytes of cache", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_Uniform_TreatsTheSameSiteOfAllLayersAlike()
    {
        SiteOffers[] sites = Model(seed: 9);
        PlanRequest request = MadeUpOffers.Request(3, sites) with { Loose = true };

        CompressionPlan plan = Planner.Plan(request with { Uniform = true });

        foreach (var kind in plan.Sites.GroupBy(site => site.Site.Name.Split('.')[^1]))
        {
            Assert.Single(
                kind.Select(site => string.Join('+', site.Offers.Select(offer => offer.Setting["size"]))).Distinct());
        }

        Assert.InRange(plan.Ratio, 3, 3.1);
        Assert.True(plan.PredictedLoss >= Planner.Plan(request).PredictedLoss);
        Assert.Equal(sites.Select(site => site.Site), plan.Sites.Select(site => site.Site));
    }

    [Fact]
    public void Plan_UniformWithAnExcludedLayer_TreatsTheOthersAlike()
    {
        PlanRequest request =
            MadeUpOffers.Request(2, Model(seed: 10)) with { Uniform = true, Loose = true, ExcludePatterns = ["*.3.*"] };

        CompressionPlan plan = Planner.Plan(request);

        Assert.All(plan.Sites.Where(site => site.Site.Layer == 3), site => Assert.Empty(site.Offers));
        Assert.Contains(plan.Sites, site => site.Site.Layer == 2 && site.Offers.Length > 0);
    }

    [Fact]
    public void Plan_Loose_IsTheBestWithinTheBytes()
    {
        SiteOffers site = MadeUpOffers.At(0, 1000, MadeUpOffers.Make("a", 100, 0.5));

        Assert.Equal(100, Planner.Plan(MadeUpOffers.Request(2, site) with { Loose = true }).Bytes);
        Assert.Throws<BudgetException>(() => Planner.Plan(MadeUpOffers.Request(2, site)));
    }

    [Fact]
    public void Plan_WithMeasuredLosses_GoesByThemAndKeepsErrors()
    {
        SiteOffers cheap = MadeUpOffers.At(0, 100, MadeUpOffers.Make("a", 50, 0.3));
        SiteOffers dear =
            MadeUpOffers.At(1, 100, MadeUpOffers.Make("a", 50, 0.1)) with { Loss = LossCurve.Proportional(10) };

        CompressionPlan plan = Planner.Plan(MadeUpOffers.Request(200.0 / 150, cheap, dear));

        Assert.Equal([1, 0], plan.Sites.Select(site => site.Offers.Length));
        Assert.Equal((0.3, 0.3), (plan.PredictedError, plan.PredictedLoss));
    }

    // Layers of one matrix that is only multiplied with and one pair of keys and values.
    private static SiteOffers[] Model(int seed)
    {
        var random = new Random(seed);
        SiteOffers Make(int layer, string name, WeightSlotKind kind, long keep, InferenceCost cost)
        {
            double scale = Math.Exp(2 * random.NextDouble());
            return new SiteOffers(
                new Site($"model.layers.{layer}.{name}", kind, layer, 8, 8),
                keep,
                1,
                [
                    .. Enumerable.Range(1, 40).Select(step => new Offer(
                        "a",
                        ImmutableSortedDictionary<string, string>.Empty.Add("size", $"{step}"),
                        (keep * step / 42) + random.Next(3),
                        scale * Math.Exp(-0.15 * step) * (0.9 + (0.2 * random.NextDouble())))
                    {
                        MultiplyAdds = step % 2 == 0 ? cost.MultiplyAdds * step / 42 : null,
                        CachedValues = step % 2 == 0 ? cost.CachedValues * step / 42 : null,
                    }),
                ])
            {
                KeepCost = cost,
            };
        }

        return
        [
            .. Enumerable.Range(0, 24).SelectMany(layer => new[]
            {
                Make(layer, "mlp.up_proj", WeightSlotKind.Linear, 200_000, new InferenceCost(100_000, 0)),
                Make(layer, "self_attn.kv_proj", WeightSlotKind.KeyValue, 80_000, new InferenceCost(40_000, 64)),
            }),
        ];
    }

    // No plan within bytes and limit has less loss, whatever the two prices.
    private static double Bound(PlanRequest request)
    {
        double At(double perByte, double perValue) => request.Sites.Sum(site => site.Offers
                .Select(offer => offer.PredictedError + (perByte * offer.Bytes) + (
                    perValue * site.CostOf([offer]).CachedValues))
                .Append((perByte * site.KeepBytes) + (perValue * site.KeepCost.CachedValues)).Min())
            - (perByte * request.TargetBytes) - (perValue * request.Limits.CacheBytes!.Value / 2);
        return Enumerable.Range(0, 120).Max(i => Enumerable.Range(-1, 120).Max(
            j => At(Math.Pow(10, -9 + (0.05 * i)), j < 0 ? 0 : Math.Pow(10, -6 + (0.05 * j)))));
    }
}
