using System.Collections.Immutable;
using System.Globalization;
using Hypercompress.Merging;
using Hypercompress.Planning;

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

    private static string Explain(long added) => string.Create(
        CultureInfo.InvariantCulture,
        $"merging left out pieces that did not help: {Math.Abs(added)} bytes "
        + $"{(added < 0 ? "less" : "more")} than planned");
}
