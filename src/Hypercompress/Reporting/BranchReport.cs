using System.Collections.Immutable;
using Hypercompress.Branches;

namespace Hypercompress.Reporting;

/// <summary>The results of a branch.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Metrics">Its numbers, by name.</param>
/// <param name="Metadata">Its texts, by name.</param>
public sealed record BranchReport(
    string Name,
    ImmutableSortedDictionary<string, double> Metrics,
    ImmutableSortedDictionary<string, string> Metadata)
{
    /// <summary>Takes over what a branch handed in, without its pieces.</summary>
    /// <param name="artifact">The branch's artifact.</param>
    /// <returns>The report.</returns>
    public static BranchReport From(BranchArtifact artifact)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        return new BranchReport(artifact.Name, artifact.Metrics, artifact.Metadata);
    }
}
