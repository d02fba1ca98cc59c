using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.Planning;
using Hypercompress.Planning.Offers;
using Hypercompress.Planning.Outlook;
using Hypercompress.Sites;

namespace Hypercompress.Cli.Tests.Output;

/// <summary>A plan of two sites with its forecast, in round numbers.</summary>
internal static class MadeUpForecast
{
    /// <summary>Makes it: 4,000,000 bytes become 1,000,000.</summary>
    public static PlanForecast Make(bool isSensible = true, double? nearest = 3.25, RateLimit? limit = null) => new(
        new CompressionPlan(4, 4_000_000, 1000, true, ["the plan says this"], [Coded(), Kept()]),
        16.5,
        new PerplexityForecast(18.25, 17.5, 1234.5),
        new ResourceEstimate(1_500_000_000, 6_200_000, 90),
        new QualityVerdict(isSensible, 5, nearest),
        limit,
        new InferenceCost(2000, 480))
    {
        Alternatives =
        [
            new BranchAlternative("kv", 1, 0.5, 0.125), new BranchAlternative("lra", 2, 1.5, 0.25),
            new BranchAlternative("sparsity", 0, 0, 0),
        ],
    };

    private static SiteAssignment Coded()
    {
        var setting = ImmutableSortedDictionary<string, string>.Empty.Add("format", "ec3.5");
        var site = new Site("model.layers.0.mlp.up_proj", WeightSlotKind.Linear, 0, 1000, 1000);
        return new SiteAssignment(site, [new Offer("quantization", setting, 500_000, 0.125)], 500_000, 0.125)
        {
            PredictedLoss = 0.25,
            Cost = new InferenceCost(1000, 240),
        };
    }

    private static SiteAssignment Kept() =>
        new(new Site("embed", WeightSlotKind.Embedding, null, 1000, 250), [], 499_000, 0);
}
