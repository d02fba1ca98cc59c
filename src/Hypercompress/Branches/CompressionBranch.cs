using System.Collections.Immutable;
using Hypercompress.Analysis;
using Hypercompress.Forms;
using Hypercompress.NumberFormats;

namespace Hypercompress.Branches;

/// <summary>
/// One compression method. It reads weights and statistics, makes offers, and turns the ones that were taken into finished
/// pieces; it never touches a model. Adding a branch takes its own folder and one line in <c>BranchRegistry</c>.
/// </summary>
public abstract class CompressionBranch
{
    /// <summary>Name in configuration, plans and reports.</summary>
    public abstract string Name { get; }

    /// <summary>True for a branch that must be done before the others start (embeddings).</summary>
    public virtual bool RunsFirst => false;

    /// <summary>
    /// True when the branch replaces a linear layer by two: structural factorization, which can be switched off.
    /// </summary>
    public virtual bool IsStructural => false;

    /// <summary>
    /// What the configuration of an <see cref="IsStructural"/> branch says about structural factorization; null leaves it
    /// to the planner.
    /// </summary>
    public virtual bool? Structural => null;

    /// <summary>Readers of the forms that only this branch builds.</summary>
    public virtual IReadOnlyList<FormReader> Forms => [];

    /// <summary>Where the method comes from.</summary>
    public abstract string Source { get; }

    /// <summary>Whether the branch works at such a site.</summary>
    /// <param name="site">The place.</param>
    /// <returns>False: no offers are asked for.</returns>
    public abstract bool Handles(Site site);

    /// <summary>The points this branch can deliver at a site.</summary>
    /// <param name="problem">The site's problem; not disposed here.</param>
    /// <param name="formats">Number formats that values may be stored in, finest first; never empty.</param>
    /// <returns>Offers whose bytes are exact and whose errors are predictions; empty for "not here".</returns>
    public abstract IReadOnlyList<Offer> MakeOffers(SiteProblem problem, IReadOnlyList<ValueFormat> formats);

    /// <summary>Carries out an offer. A merge strategy may call it again with another target.</summary>
    /// <param name="problem">The site's problem; not disposed here.</param>
    /// <param name="offer">One of this branch's own offers for that site.</param>
    /// <returns>A piece whose stored bytes equal the offer's.</returns>
    public abstract FormMatrix Solve(SiteProblem problem, Offer offer);

    /// <summary>Set-up before any site is solved.</summary>
    /// <param name="run">Tasks and problems.</param>
    public virtual void Prepare(BranchRun run)
    {
    }

    /// <summary>Carries out all tasks.</summary>
    /// <param name="run">Tasks and problems.</param>
    /// <returns>The finished pieces and what they measured.</returns>
    public virtual BranchArtifact Run(BranchRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        long started = run.Clock.GetTimestamp();
        var proposals = ImmutableArray.CreateBuilder<Proposal>(run.Tasks.Length);
        foreach (BranchTask task in run.Tasks)
        {
            run.Cancellation.ThrowIfCancellationRequested();
            using SiteProblem problem = run.Pose(task.Site);
            FormMatrix matrix = Solve(problem, task.Offer);
            using TorchSharp.torch.Tensor approximation = matrix.Materialize();
            proposals.Add(new Proposal(task.Site, task.Offer, matrix, problem.Error(approximation)));
            run.Progress(task.Site);
        }

        double seconds = run.Clock.GetElapsedTime(started).TotalSeconds;
        return new BranchArtifact(Name, Measure(proposals, seconds), Describe(), proposals.MoveToImmutable());
    }

    /// <summary>Clean-up after all sites are solved.</summary>
    /// <param name="run">Tasks and problems.</param>
    /// <param name="artifact">What <see cref="Run"/> returned.</param>
    public virtual void Finalize(BranchRun run, BranchArtifact artifact)
    {
    }

    private static ImmutableSortedDictionary<string, double> Measure(
        ImmutableArray<Proposal>.Builder proposals, double seconds)
    {
        double before = proposals.Sum(proposal => (double)proposal.Site.ElementCount);
        double after = proposals.Sum(proposal => (double)proposal.Matrix.StoredParameters);
        return ImmutableSortedDictionary<string, double>.Empty
            .Add("sites", proposals.Count)
            .Add("parameters_before", before)
            .Add("parameters_after", after)
            .Add("ratio", after > 0 ? before / after : 1)
            .Add("bytes", proposals.Sum(proposal => (double)proposal.Matrix.StoredBytes))
            .Add("error_nats", proposals.Sum(proposal => proposal.Error))
            .Add("seconds", seconds);
    }

    private ImmutableSortedDictionary<string, string> Describe() =>
        ImmutableSortedDictionary<string, string>.Empty.Add("source", Source);
}
