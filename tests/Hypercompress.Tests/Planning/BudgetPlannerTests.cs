using System.Diagnostics;
using CsCheck;
using Hypercompress.Branches;
using Hypercompress.Models.Errors;
using Hypercompress.Planning;
using Hypercompress.Planning.Offers;

namespace Hypercompress.Tests.Planning;

public sealed class BudgetPlannerTests(ITestOutputHelper output)
{
    private static readonly BudgetPlanner Planner = new();

    [Fact]
    public void Plan_RandomSites_IsTheOptimumInsideTheWindow()
    {
        Gen<Offer> offer =
            Gen.Select(Gen.Int[1, 90], Gen.Double[0.001, 1.0], (bytes, error) => MadeUpOffers.Make("a", bytes, error));
        Gen<(SiteOffers[] Sites, double Ratio)> instance = Gen.Select(
            offer.Array[1, 12].Array[1, 12].Select(
                sites => sites.Select((offers, index) => MadeUpOffers.At(index, 100, offers)).ToArray()),
            Gen.Double[1.0, 8.0]);

        instance.Sample(
            sample =>
            {
                PlanRequest request = MadeUpOffers.Request(sample.Ratio, sample.Sites);
                double? optimum = Optimum(request);
                if (optimum is null)
                {
                    Assert.Throws<BudgetException>(() => Planner.Plan(request));
                    return;
                }

                CompressionPlan plan = Planner.Plan(request);
                Assert.InRange(plan.Bytes, Math.Ceiling(request.TargetBytes / 1.01), request.TargetBytes);
                Assert.InRange(plan.PredictedError, optimum.Value - 1e-9, (optimum.Value * 1.001) + 1e-9);
            },
            iter: 500,
            threads: 1);
    }

    [Fact]
    public void Plan_RefusedRatio_NamesOneThatIsAccepted()
    {
        Gen.Select(Gen.Int[1, 99].Array[1, 3].Array[1, 3], Gen.Double[0.5, 30.0]).Sample(
            (sizes, ratio) =>
            {
                SiteOffers[] sites =
                [
                    .. sizes.Select((offers, index) => MadeUpOffers.At(
                        index, 100, [.. offers.Select(bytes => MadeUpOffers.Make("a", bytes, 1.0 / bytes))])),
                ];
                try
                {
                    Planner.Plan(MadeUpOffers.Request(ratio, sites));
                }
                catch (BudgetException refused)
                {
                    PlanRequest request = MadeUpOffers.Request(refused.NearestRatio, sites);
                    CompressionPlan nearest = Planner.Plan(request);
                    Assert.InRange(nearest.Bytes, Math.Ceiling(request.TargetBytes / 1.01), request.TargetBytes);
                    Assert.Equal(ratio, refused.AskedRatio);
                }
            },
            iter: 500,
            threads: 1);
    }

    [Theory]
    [InlineData(1.3)]
    [InlineData(4)]
    [InlineData(9)]
    public void Plan_WholeModel_FitsAndComesWithinAThousandthOfTheBound(double ratio)
    {
        SiteOffers[] sites = LargeModel(sites: 210, offers: 60);
        PlanRequest request = MadeUpOffers.Request(ratio, sites);
        long started = Stopwatch.GetTimestamp();

        CompressionPlan plan = Planner.Plan(request);

        output.WriteLine(
            $"ratio {ratio}: {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms, J {plan.PredictedError:g8}, "
            + $"bound {LagrangianBound(request):g8}, {request.TargetBytes - plan.Bytes} of {request.TargetBytes} bytes "
                + $"unused");
        Assert.InRange(plan.Ratio, ratio, ratio * 1.01);
        Assert.InRange(plan.PredictedError, 0, LagrangianBound(request) * 1.001);
    }

    [Theory]
    [InlineData(CombinationRule.Joint)]
    [InlineData(CombinationRule.Weighted)]
    public void Plan_WholeModelWithCombinations_LandsInTheWindow(CombinationRule rule)
    {
        SiteOffers[] sites =
        [
            .. LargeModel(sites: 210, offers: 60).Select(site => site with
            {
                Offers =
                    [.. site.Offers.Select((offer, index) => offer with { Branch = $"b{index % 3}", Combines = true })],
            }),
        ];
        PlanRequest request = MadeUpOffers.Request(4, sites) with { Combination = rule };
        long started = Stopwatch.GetTimestamp();

        CompressionPlan plan = Planner.Plan(request);

        output.WriteLine(
            $"{rule}: {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms, J {plan.PredictedError:g8}");
        Assert.InRange(plan.Ratio, 4, 4.04);
        int most = rule == CombinationRule.Joint ? 2 : 3;
        Assert.All(plan.Sites, site => Assert.InRange(site.Offers.Length, 0, most));
        Assert.Contains(plan.Sites, site => rule == CombinationRule.Joint || site.Offers.Length == most);
    }

    [Fact]
    public void Plan_EmbeddingDominates_StillLandsInTheWindow()
    {
        SiteOffers[] sites =
        [
            new(MadeUpOffers.Site(99), 5_000_000, 1, [MadeUpOffers.Make("a", 2_000_000, 0.4), MadeUpOffers.Make(
                "a", 900_000, 0.9)]),
            .. LargeModel(sites: 14, offers: 12),
        ];

        CompressionPlan plan = Planner.Plan(MadeUpOffers.Request(3, sites));

        Assert.InRange(plan.Ratio, 3, 3.03);
    }

    [Fact]
    public void Plan_RatioOne_KeepsEverything()
    {
        CompressionPlan plan =
            Planner.Plan(MadeUpOffers.Request(1, MadeUpOffers.At(0, 100, MadeUpOffers.Make("a", 50, 0.1))));

        Assert.Empty(plan.Sites[0].Offers);
        Assert.Equal((100, 0.0), (plan.Bytes, plan.PredictedError));
    }

    [Theory]
    [InlineData(20, 10.0)]
    [InlineData(0.9, 1.0)]
    [InlineData(3, 2.0)]
    public void Plan_UnreachableRatio_NamesTheNearest(double asked, double nearest)
    {
        SiteOffers site = MadeUpOffers.At(0, 1000, MadeUpOffers.Make("a", 100, 0.5), MadeUpOffers.Make("a", 500, 0.1));

        var refused = Assert.Throws<BudgetException>(() => Planner.Plan(MadeUpOffers.Request(asked, site)));

        Assert.Equal(nearest, refused.NearestRatio);
        Assert.Contains($"nearest ratio that can be reached is {nearest}", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20, 100, "give more bytes")]
    [InlineData(0.9, 1000, "give at most that many bytes")]
    [InlineData(3, 500, "give that many bytes")]
    public void Plan_UnreachableBytes_NamesTheNearestInBytes(double asked, long nearest, string remedy)
    {
        SiteOffers site = MadeUpOffers.At(0, 1000, MadeUpOffers.Make("a", 100, 0.5), MadeUpOffers.Make("a", 500, 0.1));
        PlanRequest request = MadeUpOffers.Request(asked, site) with { AskedInBytes = true };

        var refused = Assert.Throws<BudgetException>(() => Planner.Plan(request));

        Assert.StartsWith($"{request.TargetBytes} bytes are asked for", refused.Message, StringComparison.Ordinal);
        Assert.Contains(
            $"the nearest size that can be reached is {nearest} bytes", refused.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_FixedBytesAloneExceedTheTarget_Throws()
    {
        PlanRequest request =
            MadeUpOffers.Request(
                4, MadeUpOffers.At(0, 1000, MadeUpOffers.Make("a", 100, 0.5))) with
            { FixedBytes = 600 };

        Assert.Throws<BudgetException>(() => Planner.Plan(request));
    }

    [Fact]
    public void Plan_Joint_TakesAPairWhenItPredictsLess()
    {
        SiteOffers site = MadeUpOffers.At(
            0, 1000, MadeUpOffers.Make("a", 250, 0.1, combines: true), MadeUpOffers.Make(
                "b", 250, 0.2, combines: true), MadeUpOffers.Make("a", 500, 0.07));

        SiteAssignment taken = Planner.Plan(MadeUpOffers.Request(2, site)).Sites[0];

        Assert.Equal(["a", "b"], taken.Offers.Select(offer => offer.Branch));
        Assert.Equal(500, taken.Bytes);
        Assert.Equal(0.1 * Math.Pow(0.2, 0.3), taken.PredictedError, 12);
    }

    [Fact]
    public void Plan_Single_NeverTakesPairs()
    {
        SiteOffers site = MadeUpOffers.At(
            0, 1000, MadeUpOffers.Make("a", 250, 0.1, combines: true), MadeUpOffers.Make(
                "b", 250, 0.2, combines: true), MadeUpOffers.Make("a", 500, 0.05));

        CompressionPlan plan =
            Planner.Plan(MadeUpOffers.Request(2, site) with { Combination = CombinationRule.Single });

        Assert.Equal(0.05, plan.PredictedError);
    }

    [Fact]
    public void Plan_Weighted_TakesOneOfferOfEachCombinableBranch()
    {
        SiteOffers site = MadeUpOffers.At(
            0,
            1000,
            MadeUpOffers.Make("a", 400, 0.01, combines: true),
            MadeUpOffers.Make("a", 100, 0.09, combines: true),
            MadeUpOffers.Make("b", 300, 0.25, combines: true));

        SiteAssignment taken =
            Planner.Plan(MadeUpOffers.Request(2.5, site) with { Combination = CombinationRule.Weighted }).Sites[0];

        // Weights by ratio are 10 : 10/3, so J is at most ((0.3 · 3 + 0.5) / 4)².
        Assert.Equal([100L, 300L], taken.Offers.Select(offer => offer.Bytes));
        Assert.Equal(Math.Pow(1.4 / 4, 2), taken.PredictedError, 12);
    }

    [Fact]
    public void Plan_ExcludedSite_IsKept()
    {
        PlanRequest request = MadeUpOffers.Request(
            1.8, MadeUpOffers.At(0, 100, MadeUpOffers.Make("a", 10, 0.01)), MadeUpOffers.At(
                1, 100, MadeUpOffers.Make("a", 10, 0.9)));

        CompressionPlan plan = Planner.Plan(request with { ExcludePatterns = ["*.layers.0.*"] });

        Assert.Empty(plan.Sites[0].Offers);
        Assert.Single(plan.Sites[1].Offers);
    }

    [Fact]
    public void Plan_ExcludePatternWithoutSite_Throws()
    {
        PlanRequest request =
            MadeUpOffers.Request(1, MadeUpOffers.At(0, 100)) with { ExcludePatterns = ["model.layer.0.*"] };

        var failure = Assert.Throws<ConfigurationException>(() => Planner.Plan(request));

        Assert.Contains("model.layer.0.*", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_OfferThatIsNotANumber_Throws()
    {
        var failure = Assert.Throws<NumericalException>(
            () =>
                Planner.Plan(MadeUpOffers.Request(2, MadeUpOffers.At(0, 100, MadeUpOffers.Make("a", 50, double.NaN)))));

        Assert.Contains("model.layers.0.mlp.up_proj", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 2, true, 0)]
    [InlineData(true, 2, true, 0)]
    [InlineData(null, 20, true, 1)]
    [InlineData(false, 20, true, 1)]
    public void Plan_FactorsTaken_AreStructural(bool? enable, double ratio, bool structural, int notes)
    {
        PlanRequest request = MadeUpOffers.Request(
            ratio, MadeUpOffers.At(
                0, 1000, MadeUpOffers.Make("factors", 500, 0.1), MadeUpOffers.Make("factors", 50, 0.5)));

        CompressionPlan plan = Planner.Plan(request with { Structural = new StructuralRequest(enable, ["factors"]) });

        Assert.Equal((structural, notes), (plan.Structural, plan.Notes.Length));
    }

    [Fact]
    public void Plan_StructuralOff_LeavesFactorsOut()
    {
        PlanRequest request = MadeUpOffers.Request(
            2, MadeUpOffers.At(0, 1000, MadeUpOffers.Make("factors", 500, 0.1), MadeUpOffers.Make("codes", 499, 0.2)));

        CompressionPlan plan = Planner.Plan(request with { Structural = new StructuralRequest(false, ["factors"]) });

        Assert.Equal("codes", Assert.Single(plan.Sites[0].Offers).Branch);
        Assert.False(plan.Structural);
    }

    [Fact]
    public void PlanFixed_TakesAllCombinableOffersOrTheSmallest()
    {
        PlanRequest request = MadeUpOffers.Request(
            50,
            MadeUpOffers.At(0, 100, MadeUpOffers.Make("a", 20, 0.1, combines: true), MadeUpOffers.Make(
                "b", 30, 0.2, combines: true)),
            MadeUpOffers.At(1, 100, MadeUpOffers.Make("a", 20, 0.1), MadeUpOffers.Make("b", 30, 0.2)),
            MadeUpOffers.At(2, 100));

        CompressionPlan plan = Planner.PlanFixed(request);

        Assert.Equal([2, 1, 0], plan.Sites.Select(site => site.Offers.Length));
        Assert.Equal((170, 50.0), (plan.Bytes, plan.AskedRatio));
    }

    [Theory]
    [InlineData(269_060_552, 4)]
    [InlineData(1000, 3)]
    [InlineData(1000, 1000.0 / 333)]
    public void TargetFor_Ratio_IsTheMostBytesThatReachIt(long teacher, double ratio)
    {
        long bytes = PlanRequest.TargetFor(teacher, ratio);

        Assert.True((double)teacher / bytes >= ratio);
        Assert.True((double)teacher / (bytes + 1) < ratio);
    }

    [Fact]
    public void Explanation_SumsByTreatment()
    {
        CompressionPlan plan = Planner.PlanFixed(MadeUpOffers.Request(
            2, MadeUpOffers.At(0, 100, MadeUpOffers.Make("a", 20, 0.1)), MadeUpOffers.At(
                1, 100, MadeUpOffers.Make("a", 30, 0.2)), MadeUpOffers.At(2, 100)));

        PlanExplanation explanation = PlanExplanation.Of(plan);

        Assert.Equal(["keep", "a"], explanation.Treatments.Select(share => share.Treatment));
        Assert.Equal((2, 50), (explanation.Treatments[1].Sites, explanation.Treatments[1].Bytes));
        Assert.Equal(50 * 8.0 / 128, explanation.Treatments[1].BitsPerElement);
        Assert.Equal([0.2, 0.1], explanation.Costliest.Select(site => site.PredictedError));
    }

    // Whole numbers of bytes, one table entry each: slow and obviously right.
    private static double? Optimum(PlanRequest request)
    {
        double[] least = [.. Enumerable.Repeat(double.PositiveInfinity, (int)request.TargetBytes + 1)];
        least[0] = 0;
        foreach (SiteOffers site in request.Sites)
        {
            double[] next = [.. least.Select(_ => double.PositiveInfinity)];
            foreach ((long bytes, double error) in site.Offers
                .Select(offer => (offer.Bytes, offer.PredictedError)).Append((site.KeepBytes, 0)))
            {
                for (long sum = bytes; sum < next.Length; sum++)
                {
                    next[sum] = Math.Min(next[sum], least[sum - bytes] + error);
                }
            }

            least = next;
        }

        double best = least[(int)Math.Ceiling(request.TargetBytes / 1.01)..].Min();
        return double.IsFinite(best) ? best : null;
    }

    private static double LagrangianBound(PlanRequest request)
    {
        double At(double price) => request.Sites.Sum(
            site =>
                site.Offers.Select(offer => offer.PredictedError + (price * offer.Bytes)).Append(price * site.KeepBytes)
                    .Min())
            - (price * request.TargetBytes);
        return Enumerable.Range(0, 4000).Max(step => At(Math.Pow(10, -12 + (step * 0.003))));
    }

    private static SiteOffers[] LargeModel(int sites, int offers)
    {
        var random = new Random(7);
        return
        [
            .. Enumerable.Range(0, sites).Select(index =>
            {
                long keep = 2 * (long)random.Next(100_000, 900_000);
                double scale = Math.Exp(3 * random.NextDouble());
                return MadeUpOffers.At(
                    index,
                    keep,
                    [
                        .. Enumerable.Range(0, offers).Select(_ =>
                        {
                            double share = 0.03 + (0.9 * random.NextDouble());
                            double error = scale * Math.Exp(-8 * share) * (0.8 + (0.4 * random.NextDouble()));
                            return MadeUpOffers.Make("a", (long)(keep * share), error);
                        }),
                    ]);
            }),
        ];
    }
}
