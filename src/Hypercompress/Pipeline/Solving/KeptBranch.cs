using System.Collections.Immutable;
using Hypercompress.Branches;

namespace Hypercompress.Pipeline.Solving;

/// <summary>The measurements of a branch, as they are kept: without its pieces, which were merged.</summary>
/// <param name="Name">As in <see cref="BranchArtifact"/>.</param>
/// <param name="Metrics">As in <see cref="BranchArtifact"/>.</param>
/// <param name="Metadata">As in <see cref="BranchArtifact"/>.</param>
internal sealed record KeptBranch(
    string Name,
    ImmutableSortedDictionary<string, double> Metrics,
    ImmutableSortedDictionary<string, string> Metadata)
{
    /// <summary>The measurements of a branch.</summary>
    public static KeptBranch Of(BranchArtifact artifact) => new(artifact.Name, artifact.Metrics, artifact.Metadata);

    /// <summary>The result of the branch, without pieces.</summary>
    public BranchArtifact ToArtifact() => new(
        Name, Metrics.WithComparers(StringComparer.Ordinal), Metadata.WithComparers(StringComparer.Ordinal), []);
}
