using System.Collections.Immutable;

namespace Hypercompress.Branches;

/// <summary>The result of a branch.</summary>
/// <param name="Name">Name of the branch.</param>
/// <param name="Metrics">
/// Numbers: <c>ratio</c>, <c>parameters_before</c>, <c>parameters_after</c>, <c>bytes</c>, <c>seconds</c>, ….
/// </param>
/// <param name="Metadata">Text, such as the paper of the method.</param>
/// <param name="Proposals">One finished piece per site it was assigned.</param>
public sealed record BranchArtifact(
    string Name,
    ImmutableSortedDictionary<string, double> Metrics,
    ImmutableSortedDictionary<string, string> Metadata,
    ImmutableArray<Proposal> Proposals)
{
    private const string Ratio = "ratio";

    /// <summary>Joins the results of branches that ran in several parts.</summary>
    /// <param name="parts">Artifacts of any branches.</param>
    /// <returns>One artifact per branch, in the order in which they first appear.</returns>
    public static ImmutableArray<BranchArtifact> Concat(IEnumerable<BranchArtifact> parts) =>
        [.. parts.GroupBy(part => part.Name).Select(branch => Join([.. branch]))];

    private static BranchArtifact Join(BranchArtifact[] parts)
    {
        ImmutableSortedDictionary<string, double> sums = parts.SelectMany(part => part.Metrics)
            .GroupBy(metric => metric.Key)
            .ToImmutableSortedDictionary(
                metric => metric.Key, metric => metric.Sum(part => part.Value), StringComparer.Ordinal);
        double after = sums.GetValueOrDefault("parameters_after");
        return parts[0] with
        {
            Metrics = sums.SetItem(Ratio, after > 0 ? sums.GetValueOrDefault("parameters_before") / after : 1),
            Proposals = [.. parts.SelectMany(part => part.Proposals)],
        };
    }
}
