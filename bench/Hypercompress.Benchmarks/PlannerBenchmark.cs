using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using Hypercompress.Branches;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.Planning;
using Hypercompress.Planning.Offers;
using Hypercompress.Sites;

namespace Hypercompress.Benchmarks;

/// <summary>A plan for 210 sites with 60 offers each: what asking for another ratio costs.</summary>
public class PlannerBenchmark
{
    private const int Sites = 210;
    private const int Offers = 60;
    private const long KeepBytes = 1_769_472;
    private PlanRequest _request = null!;

    /// <summary>Teacher bytes / student bytes.</summary>
    [Params(2.0, 4.0, 8.0)]
    public double Ratio { get; set; }

    /// <summary>Makes the offers.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        long teacher = Sites * KeepBytes;
        ImmutableArray<SiteOffers> sites = [.. Enumerable.Range(0, Sites).Select(i => MakeSite(i, random))];
        _request = new PlanRequest(Ratio, PlanRequest.TargetFor(teacher, Ratio), teacher, 0, sites);
    }

    /// <summary>Plans.</summary>
    /// <returns>The plan.</returns>
    [Benchmark]
    public CompressionPlan Plan() => new BudgetPlanner().Plan(_request);

    private static SiteOffers MakeSite(int index, Random random)
    {
        double energy = Math.Exp(random.NextDouble() * 4);
        ImmutableArray<Offer> offers =
        [
            .. Enumerable.Range(1, Offers).Select(k => new Offer(
                "branch",
                ImmutableSortedDictionary<string, string>.Empty.Add("k", $"{k}"),
                KeepBytes * k / (Offers + 1),
                energy * Math.Exp(-6.0 * k / Offers) * (0.9 + (0.2 * random.NextDouble())))),
        ];
        return new SiteOffers(
            new Site($"site{index}", WeightSlotKind.Linear, index, 1536, 576), KeepBytes, energy, offers);
    }
}
