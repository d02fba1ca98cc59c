using System.Collections.Immutable;

namespace Hypercompress.Branches;

/// <summary>What a branch hands over.</summary>
/// <param name="Name">Name of the branch.</param>
/// <param name="Metrics">Numbers: <c>ratio</c>, <c>parameters_before</c>, <c>parameters_after</c>, <c>bytes</c>, <c>seconds</c>, ….</param>
/// <param name="Metadata">Text, such as the paper of the method.</param>
/// <param name="Proposals">One finished piece per site it was assigned.</param>
public sealed record BranchArtifact(
    string Name,
    ImmutableSortedDictionary<string, double> Metrics,
    ImmutableSortedDictionary<string, string> Metadata,
    ImmutableArray<Proposal> Proposals);
