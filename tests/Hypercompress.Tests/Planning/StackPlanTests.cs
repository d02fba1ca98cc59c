using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.Planning;
using Hypercompress.Planning.Files;
using Hypercompress.Planning.Offers;
using Hypercompress.Sites;

namespace Hypercompress.Tests.Planning;

/// <summary>Offers that several sites can only take together.</summary>
public sealed class StackPlanTests : IDisposable
{
    private static readonly BudgetPlanner Planner = new();

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // 300 bytes, 100 wanted: the stack takes 30 + 10 and the third site 50; without it two of 40 leave 20 for the
    // third.
    [Fact]
    public void Plan_WithABetterStack_TakesItAtAllItsSites()
    {
        SiteOffers[] sites = [Gate(0), Up(0), Other(0)];
        PlanRequest request = MadeUpOffers.Request(3, sites) with { Stacks = [Stack(0, 30, 10, 0.1)], Loose = true };

        CompressionPlan plan = Planner.Plan(request);

        Assert.Equal([30L, 10, 50], plan.Sites.Select(site => site.Bytes));
        Assert.Equal(["layer.0.gate", "layer.0.gate", null], plan.Sites.Select(site => site.Offers[0].Owner));
        Assert.Equal(sites.Select(site => site.Site), plan.Sites.Select(site => site.Site));
        Assert.Equal(0.1 + 0.1 + 0.2, plan.PredictedError, 9);
        Assert.True(plan.PredictedLoss < Planner.Plan(request with { Stacks = [] }).PredictedLoss);
    }

    [Fact]
    public void Plan_WithAWorseStack_IsThePlanWithoutIt()
    {
        PlanRequest request = MadeUpOffers.Request(3, Gate(0), Up(0), Other(0)) with { Loose = true };

        CompressionPlan plan = Planner.Plan(request with { Stacks = [Stack(0, 30, 10, 0.9)] });

        Assert.Equal(Planner.Plan(request).Sites.Select(site => site.Bytes), plan.Sites.Select(site => site.Bytes));
    }

    [Theory]
    [InlineData("layer.0.gate")]
    [InlineData("layer.0.up")]
    public void Plan_WithAMemberExcluded_TakesNoStack(string excluded)
    {
        PlanRequest request = MadeUpOffers.Request(1.5, Gate(0), Up(0), Other(0)) with
        {
            Stacks = [Stack(0, 30, 10, 0.001)],
            Loose = true,
            ExcludePatterns = [excluded],
        };

        CompressionPlan plan = Planner.Plan(request);

        Assert.All(plan.Sites.SelectMany(site => site.Offers), offer => Assert.Null(offer.Owner));
        Assert.Empty(plan.Sites.Single(site => site.Site.Name == excluded).Offers);
    }

    [Fact]
    public void Plan_WithFactorsSwitchedOff_TakesNoStack()
    {
        PlanRequest request = MadeUpOffers.Request(1.5, Gate(0), Up(0), Other(0)) with
        {
            Stacks = [Stack(0, 30, 10, 0.001)],
            Loose = true,
            Structural = new StructuralRequest(false, ["s"]),
        };

        Assert.All(Planner.Plan(request).Sites.SelectMany(site => site.Offers), offer => Assert.Null(offer.Owner));
    }

    [Fact]
    public void Plan_Uniform_TakesTheStackInAllLayersOrInNone()
    {
        SiteOffers[] sites = [Gate(0), Up(0), Gate(1), Up(1)];
        PlanRequest request = MadeUpOffers.Request(2.4, sites) with
        {
            Stacks = [Stack(0, 30, 10, 0.1), Stack(1, 30, 10, 0.1), Stack(1, 35, 11, 0.01)],
            Loose = true,
            Uniform = true,
        };

        Assert.Equal([30L, 10, 30, 10], Planner.Plan(request).Sites.Select(site => site.Bytes));
        CompressionPlan half = Planner.Plan(request with { Stacks = [Stack(1, 30, 10, 0.01)] });
        Assert.All(half.Sites, site => Assert.Null(site.Offers[0].Owner));
    }

    [Fact]
    public void Plan_WithAWorkLimit_KeepsItWithStacks()
    {
        SiteOffers[] sites = [.. Enumerable.Range(0, 12).SelectMany(Layer)];
        OfferStack[] stacks = [.. Enumerable.Range(0, 12).SelectMany(Stacks)];
        PlanRequest request = MadeUpOffers.Request(3, sites) with { Stacks = [.. stacks] };
        CompressionPlan free = Planner.Plan(request);
        var limits = new PlanLimits((long)(0.7 * free.Cost.MultiplyAdds), null);

        CompressionPlan plan = Planner.Plan(request with { Limits = limits });

        Assert.True(limits.Allow(plan.Cost), $"{plan.Cost} and {limits}");
        Assert.InRange(plan.Ratio, 3, 3.03);
        Assert.Contains(plan.Sites, site => site.Offers.Any(offer => offer.Owner is not null));
        AssertWhole(plan);
    }

    // Pairs of choices are thinned out: what is left has to hold the optimum nearly, also where no stack is worth
    // taking.
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Plan_OfLargeUnits_IsAsGoodAsOfSmallOnes(double ratio)
    {
        SiteOffers[] sites = [.. Enumerable.Range(0, 12).SelectMany(Layer)];
        OfferStack[] useless = [.. Enumerable.Range(0, 12).SelectMany(Stacks).Select(stack => stack with
        {
            Offers = [.. stack.Offers.Select(offer => offer with { PredictedError = 50 })],
        })];
        PlanRequest request = MadeUpOffers.Request(ratio, sites);

        CompressionPlan plan = Planner.Plan(request with { Stacks = [.. useless] });

        Assert.InRange(plan.PredictedLoss, 0, 1.005 * Planner.Plan(request).PredictedLoss);
    }

    [Fact]
    public void Plan_WithAnErrorThatIsNoNumber_IsRefused()
    {
        PlanRequest request =
            MadeUpOffers.Request(3, Gate(0), Up(0)) with { Stacks = [Stack(0, 30, 10, double.NaN)], Loose = true };

        Assert.Contains(
            "layer.0.gate",
            Assert.Throws<NumericalException>(() => Planner.Plan(request)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Refresh_OfASavedPlan_FindsTheStackAgain()
    {
        PlanRequest request =
            MadeUpOffers.Request(3, Gate(0), Up(0), Other(0)) with { Stacks = [Stack(0, 30, 10, 0.1)], Loose = true };
        CompressionPlan plan = Planner.Plan(request);
        string path = _folder.Of("plan.json");
        PlanJson.Save(plan, path);
        CompressionPlan read = PlanJson.Load(path, [.. plan.Sites.Select(site => site.Site)]);

        CompressionPlan fresh = PlanRefresh.Apply(
            read, request.Sites, [Stack(0, 30, 10, 0.3) with { Offers = Stack(
                0, 31, 11, 0.3, "30+10").Offers }], CombinationRule.Joint);

        Assert.Equal([31L, 11, 50], fresh.Sites.Select(site => site.Bytes));
        Assert.Equal([0.3, 0.3, 0.2], fresh.Sites.Select(site => site.PredictedError));
        Assert.Equal("layer.0.gate", fresh.Sites[1].Offers[0].Owner);
    }

    [Fact]
    public void Refresh_OfAHalfStack_NamesTheSites()
    {
        PlanRequest request =
            MadeUpOffers.Request(3, Gate(0), Up(0), Other(0)) with { Stacks = [Stack(0, 30, 10, 0.1)], Loose = true };
        CompressionPlan plan = Planner.Plan(request);
        SiteAssignment kept = plan.Sites[0] with { Offers = [] };

        string Refuse(CompressionPlan edited, ImmutableArray<OfferStack> stacks) =>
            Assert.Throws<ConfigurationException>(
            () => PlanRefresh.Apply(edited, request.Sites, stacks, CombinationRule.Joint)).Message;

        string half = Refuse(plan with { Sites = plan.Sites.SetItem(0, kept) }, request.Stacks);
        Assert.Contains(
            "layer.0.up: s offers size 30+10 only for layer.0.gate, layer.0.up together",
            half,
            StringComparison.Ordinal);
        Assert.Contains(
            "makes no offer with size 30+10 that is stored at layer.0.gate",
            Refuse(plan, []),
            StringComparison.Ordinal);
    }

    private static void AssertWhole(CompressionPlan plan)
    {
        foreach (var stack in plan.Sites.Where(site => site.Offers.Any(offer => offer.Owner is not null)).GroupBy(
            site => site.Offers[0].Owner))
        {
            Assert.Equal(2, stack.Count());
            Assert.Single(stack.Select(site => site.Offers[0].Setting["size"]).Distinct());
        }
    }

    private static SiteOffers Gate(int layer) =>
        At(layer, "gate", MadeUpOffers.Make("a", 40, 0.4), MadeUpOffers.Make("a", 60, 0.2));

    private static SiteOffers Up(int layer) =>
        At(layer, "up", MadeUpOffers.Make("a", 40, 0.4), MadeUpOffers.Make("a", 60, 0.2));

    private static SiteOffers Other(int layer) =>
        At(layer, "down", MadeUpOffers.Make("a", 20, 0.9), MadeUpOffers.Make("a", 50, 0.2));

    private static SiteOffers At(int layer, string name, params Offer[] offers) =>
        new(new Site($"layer.{layer}.{name}", WeightSlotKind.Linear, layer, 8, 8), 100, 1, [.. offers]);

    private static OfferStack Stack(int layer, long first, long second, double error, string? size = null)
    {
        Offer Part(long bytes) => new(
            "s", ImmutableSortedDictionary<string, string>.Empty.Add("size", size ?? $"{first}+{second}"), bytes, error)
        {
            Owner = $"layer.{layer}.gate",
        };
        return new OfferStack([$"layer.{layer}.gate", $"layer.{layer}.up"], [Part(first), Part(second)]);
    }

    private static IEnumerable<SiteOffers> Layer(int layer)
    {
        var random = new Random(layer);
        return new[] { "gate", "up", "down" }.Select(name => new SiteOffers(
            new Site($"layer.{layer}.{name}", WeightSlotKind.Linear, layer, 8, 8), 200_000, 1, [.. Curve(random)])
        {
            KeepCost = new InferenceCost(100_000, 0),
        });
    }

    private static IEnumerable<Offer> Curve(Random random) => Enumerable.Range(1, 90).Select(step => MadeUpOffers.Make(
        "a", (2200 * step) + random.Next(9), 3 * Math.Exp(-0.06 * step) * (0.9 + (0.2 * random.NextDouble()))) with
    {
        MultiplyAdds = step % 3 == 0 ? 1100 * step : null,
    });

    private static IEnumerable<OfferStack> Stacks(int layer) => Enumerable.Range(1, 30).Select(step =>
    {
        OfferStack stack = Stack(layer, 6600 * step, 3300 * step, 3 * Math.Exp(-0.2 * step));
        return stack with { Offers = [.. stack.Offers.Select(offer => offer with { MultiplyAdds = 1650 * step })] };
    });

    [Fact]
    public void Plan_OfSitesThatAreDecidedTogether_GivesThemOneOfferThatAllHave()
    {
        PlanRequest request = MadeUpOffers.Request(
            2,
            MadeUpOffers.At(0, 1000, MadeUpOffers.Make("a", 400, 0.1), MadeUpOffers.Make("a", 500, 0.01)),
            MadeUpOffers.At(1, 1000, MadeUpOffers.Make("a", 500, 0.02), MadeUpOffers.Make("a", 600, 0.001)),
            MadeUpOffers.At(2, 1000, MadeUpOffers.Make("a", 400, 0.05), MadeUpOffers.Make("a", 500, 0.04))) with
        {
            Alike = [[MadeUpOffers.Site(0).Name, MadeUpOffers.Site(1).Name]],
            Loose = true,
        };

        CompressionPlan plan = new BudgetPlanner().Plan(request);

        Assert.Equal([500L, 500L, 500L], plan.Sites.Select(site => site.Bytes));
    }
}
