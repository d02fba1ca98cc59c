using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Phases;
using Hypercompress.Planning;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Pipeline.Solving;

/// <summary>
/// Phase 2: every branch carries out its part of the plan; first the branches that must be first, then the rest at
/// once.
/// </summary>
/// <param name="branches">All branches that take part.</param>
/// <param name="threads">CPU threads of the run, shared by the branches that work at the same time.</param>
/// <param name="clock">For timing.</param>
internal sealed class BranchRunner(ImmutableArray<CompressionBranch> branches, int threads, TimeProvider clock)
{
    /// <summary>Carries out a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="problems">Poses the problem of a site; called from several threads.</param>
    /// <param name="progress">Receives a report after every site.</param>
    /// <returns>One artifact per branch that had something to do, in the order of <c>branches</c>.</returns>
    public ImmutableArray<BranchArtifact> Run(
        CompressionPlan plan, IProblemSource problems, PhaseProgress progress)
    {
        var tasks = branches.ToDictionary(branch => branch, branch => TasksOf(branch, plan));
        int done = 0;
        int total = tasks.Values.Sum(list => list.Length);
        void Advance(Site site) => progress.Report(Interlocked.Increment(ref done), total, site.Name);

        BranchRun RunOf(CompressionBranch branch, int share) =>
            new(tasks[branch], problems, share, Advance, clock, progress.Cancellation);

        CompressionBranch[] busy = [.. branches.Where(branch => tasks[branch].Length > 0)];
        CompressionBranch[] first = [.. busy.Where(branch => branch.RunsFirst)];
        CompressionBranch[] rest = [.. busy.Where(branch => !branch.RunsFirst)];
        BranchArtifact[] before = RunTogether(first, RunOf);
        try
        {
            return [.. before, .. RunTogether(rest, RunOf)];
        }
        catch
        {
            Discard(before);
            throw;
        }
    }

    private static ImmutableArray<BranchTask> TasksOf(CompressionBranch branch, CompressionPlan plan) =>
    [
        .. from assignment in plan.Sites
           from offer in assignment.Offers
           where offer.Branch == branch.Name
           select new BranchTask(assignment.Site, offer),
    ];

    private static BranchArtifact RunOne(CompressionBranch branch, BranchRun run)
    {
        // The thread count belongs to the calling thread; results depend on it, so it is set and not inherited.
        set_num_threads(run.Threads);
        using var noGrad = no_grad();
        branch.Prepare(run);
        BranchArtifact artifact = branch.Run(run);
        branch.Finalize(run, artifact);
        return artifact;
    }

    private BranchArtifact[] RunTogether(CompressionBranch[] together, Func<CompressionBranch, int, BranchRun> runOf)
    {
        if (together.Length == 0)
        {
            return [];
        }

        int share = Math.Max(1, threads / together.Length);
        Task<BranchArtifact>[] running =
        [
            .. together.Select(branch => Task.Factory.StartNew(
                () => RunOne(branch, runOf(branch, share)), TaskCreationOptions.LongRunning)),
        ];
        try
        {
            return Task.WhenAll(running).GetAwaiter().GetResult();
        }
        catch
        {
            Discard(running.Where(task => task.IsCompletedSuccessfully).Select(task => task.Result));
            throw;
        }
        finally
        {
            // A part of the thread count belongs to the process: the phases that follow get all threads back.
            set_num_threads(threads);
        }
    }

    // Pieces that other branches had finished when one failed have no owner any more.
    private static void Discard(IEnumerable<BranchArtifact> artifacts) =>
        Proposal.Discard(artifacts.SelectMany(artifact => artifact.Proposals));
}
