using System.Collections.Immutable;
using System.Globalization;
using Hypercompress.Merging;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Transformer.Layout;
using Hypercompress.Planning;
using Hypercompress.Targets;

namespace Hypercompress.Pipeline.Solving;

/// <summary>Brings a plan up to date with what was built.</summary>
internal static class PlanReconciliation
{
    /// <summary>Merging may leave out a piece that did not help; the plan then gets a note.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="blueprint">The merged matrices.</param>
    /// <returns>The plan with the bytes of the blueprint.</returns>
    public static CompressionPlan WithBuiltBytes(CompressionPlan plan, Blueprint blueprint)
    {
        Dictionary<string, long> built =
            blueprint.Sites.ToDictionary(site => site.Site.Name, site => site.Matrix.StoredBytes);
        ImmutableArray<SiteAssignment> sites =
            [.. plan.Sites.Select(site => site with { Bytes = built[site.Site.Name] })];
        CompressionPlan settled = plan with { Sites = sites };
        return settled.Bytes == plan.Bytes
            ? plan
            : settled with { Notes = plan.Notes.Add(Explain(settled.Bytes - plan.Bytes)) };
    }

    /// <summary>The plan in the bytes of the artifact, which has nothing of what a runtime's file adds.</summary>
    /// <param name="plan">The plan in the bytes of the file.</param>
    /// <param name="target">The runtime.</param>
    /// <param name="config">The model.</param>
    /// <returns>The same decisions.</returns>
    public static CompressionPlan OfArtifact(CompressionPlan plan, RuntimeTarget target, DecoderConfig config)
    {
        Dictionary<string, long> beside = new DecoderLayout(config).Slots
            .ToDictionary(slot => slot.Name, target.SideBytes);
        return plan with
        {
            FixedBytes = plan.FixedBytes - target.ExtraBytes(config),
            Sites = [.. plan.Sites.Select(site => Without(site, beside[site.Site.Name]))],
        };
    }

    private static SiteAssignment Without(SiteAssignment site, long beside) => site with
    {
        Bytes = site.Bytes - (beside * site.Offers.Length),
        Offers = [.. site.Offers.Select(offer => offer with { Bytes = offer.Bytes - beside })],
    };

    private static string Explain(long added) => string.Create(
        CultureInfo.InvariantCulture,
        $"merging left out pieces that did not help: {Math.Abs(added)} bytes "
        + $"{(added < 0 ? "less" : "more")} than planned");
}
