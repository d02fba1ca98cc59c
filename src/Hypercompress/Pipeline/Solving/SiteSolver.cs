using System.Collections.Immutable;
using System.Globalization;
using Hypercompress.Branches;
using Hypercompress.Forms;
using Hypercompress.Merging;
using Hypercompress.Models.Transformer;
using Hypercompress.Phases;
using Hypercompress.Pipeline.Keeping;
using Hypercompress.Pipeline.Offers;
using Hypercompress.Planning;
using Hypercompress.Sequential;
using Hypercompress.Sites;

namespace Hypercompress.Pipeline.Solving;

/// <summary>
/// Phases 2 and 3, over all sites at once or in the order of the decoder, each group of sites after those before it.
/// Solved sites are kept as soon as they are merged.
/// </summary>
/// <param name="runner">Lets the branches carry out a plan.</param>
/// <param name="merger">Merges what they made.</param>
/// <param name="baseline">Statistics of the teacher.</param>
/// <param name="forms">Writes and reads matrices.</param>
/// <param name="threads">CPU threads, 1 or more.</param>
internal sealed class SiteSolver(
    BranchRunner runner, ProposalMerger merger, BaselineResult baseline, KeptForms forms, int threads)
{
    /// <summary>
    /// Solves every site against the teacher's own inputs, some layers at a time. Their pieces are merged at once, and
    /// the phase of merging only puts the sites together.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="phases">Runs the two phases.</param>
    /// <returns>The pieces and the merged matrices.</returns>
    public SolvedSites SolveAtOnce(CompressionPlan plan, PhaseRunner phases) => PutTogether(phases, progress =>
    {
        var solved = new List<SolvedSites>();
        int done = 0;
        try
        {
            foreach (ImmutableArray<Site> sites in SiteBatches.Of([.. plan.Sites.Select(site => site.Site)], threads))
            {
                solved.Add(Keep(plan, sites, solved.Count, progress, () => baseline.Statistics));
                progress.Report(done += sites.Length, plan.Sites.Length, sites[^1].Name);
            }
        }
        catch
        {
            FormMatrix.Release(solved.SelectMany(part => part.Blueprint.Sites).Select(site => site.Matrix));
            throw;
        }

        return new SolvedSites(
            BranchArtifact.Concat(solved.SelectMany(part => part.Artifacts)),
            new Blueprint(merger.StrategyName, [.. solved.SelectMany(part => part.Blueprint.Sites)]));
    });

    /// <summary>
    /// Solves the sites in order, each group against the inputs that come from the compressed prefix. The pieces of a
    /// group are
    /// merged at once, since the next group is solved on their output; the phase of merging only puts the sites
    /// together.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="teacher">The teacher.</param>
    /// <param name="windows">Windows of calibration text.</param>
    /// <param name="options">How.</param>
    /// <param name="phases">Runs the two phases.</param>
    /// <returns>The pieces and the merged matrices.</returns>
    public SolvedSites SolveInOrder(
        CompressionPlan plan,
        DecoderModel teacher,
        IReadOnlyList<int[]> windows,
        SequentialOptions options,
        PhaseRunner phases) => PutTogether(phases, progress =>
    {
        var driver = new SequentialDriver(teacher, baseline.Statistics, windows, options, progress.Cancellation);
        return SolveGroups(plan, driver, options, progress);
    });

    private static SolvedSites PutTogether(PhaseRunner phases, Func<PhaseProgress, SolvedSites> solve)
    {
        SolvedSites solved = phases.Run(Phase.Branches, solve);
        return phases.Run(Phase.Merge, progress =>
        {
            int sites = solved.Blueprint.Sites.Length;
            progress.Report(sites, sites, solved.Blueprint.Strategy);
            return solved;
        });
    }

    private SolvedSites SolveGroups(
        CompressionPlan plan, SequentialDriver driver, SequentialOptions options, PhaseProgress progress)
    {
        var artifacts = new List<BranchArtifact>();
        (int groups, int done) = (0, 0);
        foreach (SiteGroup group in driver.Groups())
        {
            SolvedSites solved = Keep(
                plan, group.Sites, groups++, progress, () => group.Problems, group);
            group.Accept(solved.Blueprint.Sites, solved.Blends);
            artifacts.AddRange(solved.Artifacts);
            progress.Report(done += group.Sites.Length, plan.Sites.Length, group.Sites[^1].Name);
        }

        progress.Note(Summary(driver.Blends));
        NoteRefined(options, driver, progress);
        return new SolvedSites(BranchArtifact.Concat(artifacts), new Blueprint(merger.StrategyName, driver.Solved));
    }

    // Solves some sites, or takes the solution of an earlier process.
    private SolvedSites Keep(
        CompressionPlan plan,
        ImmutableArray<Site> sites,
        int number,
        PhaseProgress progress,
        Func<IProblemSource> problems,
        SiteGroup? group = null) => progress.Keep(
            string.Create(CultureInfo.InvariantCulture, $"solved-{number:D5}"),
            new SolvedFormat(forms, sites),
            () =>
            {
                SolvedSites solved = Solve(plan, sites, problems(), progress);
                return group is null ? solved : solved with { Blends = group.Blends };
            });

    private SolvedSites Solve(
        CompressionPlan plan, ImmutableArray<Site> sites, IProblemSource problems, PhaseProgress progress)
    {
        CompressionPlan part = plan with { Sites = [.. plan.Sites.Where(site => sites.Contains(site.Site))] };
        ImmutableArray<BranchArtifact> made = runner.Run(part, problems, progress.Quietly());
        return new SolvedSites(made, Merge(part, made, problems, progress.Quietly(), progress.Note));
    }

    private static string Summary(ImmutableSortedDictionary<string, double> blends)
    {
        int corrected = blends.Values.Count(blend => blend < 1);
        return $"Input drift was corrected at {corrected} of {blends.Count} sites; "
            + "at the others the sample was too small to estimate a correction";
    }

    private static void NoteRefined(SequentialOptions options, SequentialDriver driver, PhaseProgress progress)
    {
        if (options.RefinePasses > 0)
        {
            progress.Note(
                $"Training factors, scales and sparse values brought {driver.RefinedLayers} layers closer to "
                + $"the teacher");
        }
    }

    private Blueprint Merge(
        CompressionPlan plan,
        ImmutableArray<BranchArtifact> artifacts,
        IProblemSource problems,
        PhaseProgress progress,
        Action<string> note)
    {
        int done = 0;
        var run = new MergeRun(
            problems,
            baseline.Statistics.Weights,
            note,
            site => progress.Report(++done, plan.Sites.Length, site.Name),
            progress.Cancellation);
        Site[] sites = [.. plan.Sites.Select(site => site.Site)];
        return merger.Merge(sites, artifacts.SelectMany(artifact => artifact.Proposals), run);
    }
}
