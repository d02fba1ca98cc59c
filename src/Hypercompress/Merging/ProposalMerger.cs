using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Forms;
using Hypercompress.NumberFormats;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Merging;

/// <summary>Turns the proposals of all branches into a blueprint: one matrix per site.</summary>
/// <param name="strategy">Merges the sites that have several proposals.</param>
/// <param name="branches">Finds a branch by its name.</param>
/// <param name="teacherFormat">Number format of matrices that no branch has a proposal for: the teacher's own.</param>
internal sealed class ProposalMerger(
    MergeStrategy strategy, Func<string, CompressionBranch> branches, ValueFormat teacherFormat)
{
    /// <summary>Name of the merge strategy.</summary>
    public string StrategyName => strategy.Name;

    /// <summary>Merges the proposals of some sites: a whole model, or one decoder block after the other.</summary>
    /// <param name="sites">The sites, in the order of the decoder.</param>
    /// <param name="proposals">
    /// Proposals for these sites; their matrices move into the blueprint or are disposed.
    /// </param>
    /// <param name="run">Problems and weights.</param>
    /// <returns>A blueprint with one entry per site.</returns>
    /// <exception cref="ArgumentException">
    /// A proposal is for a site that is not among <paramref name="sites"/>.
    /// </exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public Blueprint Merge(IReadOnlyList<Site> sites, IEnumerable<Proposal> proposals, MergeRun run)
    {
        ArgumentNullException.ThrowIfNull(sites);
        ArgumentNullException.ThrowIfNull(run);
        ILookup<Site, Proposal> bySite = proposals.ToLookup(proposal => proposal.Site);
        Site? stray = bySite.Select(group => group.Key).FirstOrDefault(site => !sites.Contains(site));
        if (stray is not null)
        {
            throw new ArgumentException(
                $"a proposal is for {stray.Name}, which is not among the sites", nameof(proposals));
        }

        var merged = ImmutableArray.CreateBuilder<SiteBlueprint>(sites.Count);
        foreach (Site site in sites)
        {
            run.Cancellation.ThrowIfCancellationRequested();
            merged.Add(MergeSite(site, Usable(bySite[site], run), run));
            run.Progress(site);
        }

        return new Blueprint(strategy.Name, merged.MoveToImmutable());
    }

    private static Proposal[] Usable(IEnumerable<Proposal> proposals, MergeRun run)
    {
        var usable = new List<Proposal>();
        foreach (Proposal proposal in proposals)
        {
            if (double.IsFinite(proposal.Error))
            {
                usable.Add(proposal);
                continue;
            }

            proposal.Matrix.Dispose();
            run.Note(
                $"the piece of branch {proposal.Offer.Branch} at {proposal.Site.Name} was left out: its error "
                + $"is not finite");
        }

        return [.. usable];
    }

    private SiteBlueprint MergeSite(Site site, Proposal[] proposals, MergeRun run)
    {
        if (proposals.Length == 0)
        {
            return Keep(site, run);
        }

        // A single proposal needs no problem, and posing one may mean reading it back.
        if (proposals.Length == 1)
        {
            return MergeStrategy.TakeAsIs(proposals[0]);
        }

        using SiteProblem problem = run.Problems.Pose(site);
        return strategy.Merge(problem, proposals, branches);
    }

    private SiteBlueprint Keep(Site site, MergeRun run)
    {
        using Tensor weight = run.Weights.Read(site);
        return new SiteBlueprint(
            site,
            DenseForm.From(weight, teacherFormat),
            0,
            ImmutableSortedDictionary.Create<string, double>(StringComparer.Ordinal));
    }
}
