using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Merging;

namespace Hypercompress.Pipeline.Solving;

/// <summary>Phases 2 and 3: what the branches made, and what stands at each site.</summary>
/// <param name="Artifacts">One per branch that had something to do.</param>
/// <param name="Blueprint">The merged matrices.</param>
internal sealed record SolvedSites(ImmutableArray<BranchArtifact> Artifacts, Blueprint Blueprint);
