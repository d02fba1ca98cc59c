using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.Planning.Offers;
using Hypercompress.Sites;

namespace Hypercompress.Tests.Planning;

/// <summary>Builds offers for tests.</summary>
internal static class MadeUpOffers
{
    public static Site Site(int index, long rows = 8, long columns = 8) =>
        new($"model.layers.{index}.mlp.up_proj", WeightSlotKind.Linear, index, rows, columns);

    public static Offer Make(string branch, long bytes, double error, bool combines = false) =>
        new(branch, ImmutableSortedDictionary<string, string>.Empty.Add("size", $"{bytes}"), bytes, error, combines);

    public static SiteOffers At(int index, long keep, params Offer[] offers) =>
        new(Site(index), keep, 1, [.. offers]);

    public static PlanRequest Request(double ratio, params SiteOffers[] sites)
    {
        long teacher = sites.Sum(site => site.KeepBytes);
        return new PlanRequest(ratio, PlanRequest.TargetFor(teacher, ratio), teacher, 0, [.. sites]);
    }
}
