using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Merging;

namespace Hypercompress.Pipeline.Solving;

/// <summary>The result of phases 2 and 3: the pieces of the branches, and the merged matrix of each site.</summary>
/// <param name="Artifacts">One per branch that had something to do.</param>
/// <param name="Blueprint">The merged matrices.</param>
internal sealed record SolvedSites(ImmutableArray<BranchArtifact> Artifacts, Blueprint Blueprint);
