using System.Collections.Immutable;
using Hypercompress.Sites;

namespace Hypercompress.Branches;

/// <summary>Everything a branch sees while it works: its tasks and the problems. It never sees the student.</summary>
/// <param name="Tasks">The sites and offers it has to carry out, in the order of the decoder.</param>
/// <param name="Problems">Poses the problem of a site; the branch disposes it.</param>
/// <param name="Threads">CPU threads of this branch, 1 or more; its sites share them.</param>
/// <param name="Progress">Told after every site; may be called from several threads.</param>
/// <param name="Clock">For timing.</param>
/// <param name="Cancellation">Stops between sites.</param>
public sealed record BranchRun(
    ImmutableArray<BranchTask> Tasks,
    IProblemSource Problems,
    int Threads,
    Action<Site> Progress,
    TimeProvider Clock,
    CancellationToken Cancellation);
