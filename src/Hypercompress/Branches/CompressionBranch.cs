using System.Collections.Immutable;
using Hypercompress.Forms;
using Hypercompress.NumberFormats;
using Hypercompress.Sites;
using Hypercompress.Sites.Scheduling;

namespace Hypercompress.Branches;

/// <summary>
/// One compression method. It reads weights and statistics, makes offers, and turns the ones that were taken into
/// finished pieces; it never touches a model. Adding a branch takes its own folder and one line in
/// <c>BranchRegistry</c>.
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
    /// The option of an <see cref="IsStructural"/> branch for structural factorization; null leaves it
    /// to the planner.
    /// </summary>
    public virtual bool? Structural => null;

    /// <summary>Readers of the forms that only this branch builds.</summary>
    public virtual IReadOnlyList<FormReader> Forms => [];

    /// <summary>
    /// Whether the branch makes matrices that only this program's own runtime multiplies, such as factors; false where
    /// they are dense matrices in a number format.
    /// </summary>
    public virtual bool MakesForms => true;

    /// <summary>Where the method comes from.</summary>
    public abstract string Source { get; }

    /// <summary>What the branch does, in one line for users; empty for nothing to say.</summary>
    public virtual string Summary => string.Empty;

    /// <summary>Whether the branch works at such a site.</summary>
    /// <param name="site">The place.</param>
    /// <returns>False: no offers are asked for.</returns>
    public abstract bool Handles(Site site);

    /// <summary>The points this branch can deliver at a site.</summary>
    /// <param name="problem">The site's problem; not disposed here.</param>
    /// <param name="formats">Number formats that values may be stored in, finest first; never empty.</param>
    /// <returns>Offers whose bytes are exact and whose errors are predictions; empty for "not here".</returns>
    public abstract IReadOnlyList<Offer> MakeOffers(SiteProblem problem, IReadOnlyList<ValueFormat> formats);

    /// <summary>Whether the branch can treat such a site together with others that read the same input.</summary>
    /// <param name="site">The place.</param>
    /// <param name="formats">As in <see cref="MakeOffers"/>.</param>
    /// <returns>False: it is part of no stack of this branch.</returns>
    public virtual bool Stacks(Site site, IReadOnlyList<ValueFormat> formats) => false;

    /// <summary>The points this branch can deliver at several sites together.</summary>
    /// <param name="group">
    /// Problems of at least two sites that <see cref="Stacks"/> allows and that read the same input, in the order of
    /// the decoder; not disposed here.
    /// </param>
    /// <param name="formats">As in <see cref="MakeOffers"/>.</param>
    /// <returns>Stacks of these sites; empty for "not here".</returns>
    public virtual IReadOnlyList<OfferStack> MakeStacks(
        IReadOnlyList<SiteProblem> group, IReadOnlyList<ValueFormat> formats) => [];

    /// <summary>Carries out a stack.</summary>
    /// <param name="group">The problems of its sites; not disposed here.</param>
    /// <param name="offers">The stack's offers, in the order of <paramref name="group"/>.</param>
    /// <returns>Pieces whose stored bytes equal the offers'.</returns>
    /// <exception cref="NotSupportedException">The branch makes no stacks.</exception>
    public virtual IReadOnlyList<FormMatrix> SolveStack(
        IReadOnlyList<SiteProblem> group, IReadOnlyList<Offer> offers) =>
        throw new NotSupportedException($"branch '{Name}' makes no stacks");

    /// <summary>The same point in a form that trains after solving, at the same bytes.</summary>
    /// <param name="offer">One of this branch's own offers.</param>
    /// <param name="parts">What is to train.</param>
    /// <returns>Another offer of this branch, or the same one where nothing of it trains better.</returns>
    public virtual Offer Trainable(Offer offer, TrainedCodes parts) => offer;

    /// <summary>Carries out an offer. A merge strategy may call it again with another target.</summary>
    /// <param name="problem">The site's problem; not disposed here.</param>
    /// <param name="offer">One of this branch's own offers for that site.</param>
    /// <returns>A piece whose stored bytes equal the offer's.</returns>
    public abstract FormMatrix Solve(SiteProblem problem, Offer offer);

    /// <summary>
    /// Carries out an offer to see what its error does to the model: faster than <see cref="Solve"/> where the last
    /// fraction of a per cent of the bytes costs time.
    /// </summary>
    /// <param name="problem">The site's problem; not disposed here.</param>
    /// <param name="offer">One of this branch's own offers for that site.</param>
    /// <returns>A piece with about the offer's error.</returns>
    public virtual FormMatrix SolveTrial(SiteProblem problem, Offer offer) => Solve(problem, offer);

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
        BranchTask[][] together =
            [.. run.Tasks.GroupBy(task => task.Offer.Owner ?? task.Site.Name).Select(tasks => tasks.ToArray())];
        Proposal[][] made = ParallelSites.Map(
            together,
            tasks => SiteWork.Of(tasks.Select(task => task.Site)),
            run.Threads,
            tasks => CarryOut(tasks, run),
            Proposal.Discard,
            run.Cancellation);
        ImmutableArray<Proposal> proposals = [.. made.SelectMany(some => some)];
        double seconds = run.Clock.GetElapsedTime(started).TotalSeconds;
        return new BranchArtifact(Name, Measure(proposals, seconds), Describe(), proposals);
    }

    /// <summary>Clean-up after all sites are solved.</summary>
    /// <param name="run">Tasks and problems.</param>
    /// <param name="artifact">The result of <see cref="Run"/>.</param>
    public virtual void Finalize(BranchRun run, BranchArtifact artifact)
    {
    }

    // A single offer, or all offers of a stack.
    private Proposal[] CarryOut(BranchTask[] tasks, BranchRun run)
    {
        var problems = new List<SiteProblem>();
        try
        {
            problems.AddRange(tasks.Select(task => run.Problems.Pose(task.Site)));
            IReadOnlyList<FormMatrix> matrices = tasks[0].Offer.Owner is null
                ? [Solve(problems[0], tasks[0].Offer)]
                : SolveStack(problems, [.. tasks.Select(task => task.Offer)]);
            var proposals = new Proposal[tasks.Length];
            for (int index = 0; index < tasks.Length; index++)
            {
                using TorchSharp.torch.Tensor approximation = matrices[index].Materialize();
                proposals[index] = new Proposal(
                    tasks[index].Site, tasks[index].Offer, matrices[index], problems[index].Error(approximation));
                run.Progress(tasks[index].Site);
            }

            return proposals;
        }
        finally
        {
            problems.ForEach(problem => problem.Dispose());
        }
    }

    private static ImmutableSortedDictionary<string, double> Measure(
        ImmutableArray<Proposal> proposals, double seconds)
    {
        double before = proposals.Sum(proposal => (double)proposal.Site.ElementCount);
        double after = proposals.Sum(proposal => (double)proposal.Matrix.StoredParameters);
        return ImmutableSortedDictionary.Create<string, double>(StringComparer.Ordinal)
            .Add("sites", proposals.Length)
            .Add("parameters_before", before)
            .Add("parameters_after", after)
            .Add("ratio", after > 0 ? before / after : 1)
            .Add("bytes", proposals.Sum(proposal => (double)proposal.Matrix.StoredBytes))
            .Add("error_nats", proposals.Sum(proposal => proposal.Error))
            .Add("seconds", seconds);
    }

    private ImmutableSortedDictionary<string, string> Describe() =>
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("source", Source)
            .Add("summary", Summary);
}
