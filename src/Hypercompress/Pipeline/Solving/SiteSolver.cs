using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Merging;
using Hypercompress.Models.Transformer;
using Hypercompress.Phases;
using Hypercompress.Pipeline.Offers;
using Hypercompress.Planning;
using Hypercompress.Sequential;
using Hypercompress.Sites;

namespace Hypercompress.Pipeline.Solving;

/// <summary>Phases 2 and 3 over all sites at once, or in order, each group of sites behind those before it.</summary>
/// <param name="runner">Lets the branches carry out a plan.</param>
/// <param name="merger">Merges what they made.</param>
/// <param name="baseline">Statistics of the teacher.</param>
internal sealed class SiteSolver(BranchRunner runner, ProposalMerger merger, BaselineResult baseline)
{
    /// <summary>Solves every site against the teacher's own inputs.</summary>
    /// <param name="plan">What was decided.</param>
    /// <param name="phases">Runs the two phases.</param>
    /// <returns>What was made.</returns>
    public SolvedSites SolveAtOnce(CompressionPlan plan, PhaseRunner phases)
    {
        ImmutableArray<BranchArtifact> artifacts = phases.Run(
            Phase.Branches, progress => runner.Run(plan, baseline.Statistics.Pose, progress));
        Blueprint blueprint = phases.Run(Phase.Merge, progress => Merge(plan, artifacts, baseline.Statistics.Pose, progress));
        return new SolvedSites(artifacts, blueprint);
    }

    /// <summary>
    /// Solves the sites in order, each group against the inputs that come from the compressed prefix. The pieces of a group are
    /// merged at once, since the next group stands on them; what is left for the phase of merging is to put the sites together.
    /// </summary>
    /// <param name="plan">What was decided.</param>
    /// <param name="teacher">The teacher.</param>
    /// <param name="windows">Windows of calibration text.</param>
    /// <param name="options">How.</param>
    /// <param name="phases">Runs the two phases.</param>
    /// <returns>What was made.</returns>
    public SolvedSites SolveInOrder(
        CompressionPlan plan,
        DecoderModel teacher,
        IReadOnlyList<int[]> windows,
        SequentialOptions options,
        PhaseRunner phases)
    {
        var artifacts = new List<BranchArtifact>();
        string strategy = string.Empty;
        ImmutableArray<SiteBlueprint> found = phases.Run(Phase.Branches, progress =>
        {
            var driver = new SequentialDriver(teacher, baseline.Statistics, windows, options, progress.Cancellation);
            int done = 0;
            IReadOnlyList<SiteBlueprint> Solve(IReadOnlyList<Site> sites, Func<Site, SiteProblem> pose)
            {
                CompressionPlan part = plan with { Sites = [.. plan.Sites.Where(site => sites.Contains(site.Site))] };
                ImmutableArray<BranchArtifact> made = runner.Run(part, pose, progress.Quietly());
                artifacts.AddRange(made);
                Blueprint merged = Merge(part, made, pose, progress.Quietly());
                strategy = merged.Strategy;
                progress.Report(done += sites.Count, plan.Sites.Length, sites[^1].Name);
                return merged.Sites;
            }

            ImmutableArray<SiteBlueprint> solved = driver.Run(Solve);
            progress.Note(Summary(driver.Blends));
            NoteRefined(options, driver, progress);
            return solved;
        });
        return phases.Run(Phase.Merge, progress =>
        {
            progress.Report(found.Length, found.Length, strategy);
            return new SolvedSites(BranchArtifact.Concat(artifacts), new Blueprint(strategy, found));
        });
    }

    private static string Summary(ImmutableSortedDictionary<string, double> blends)
    {
        int corrected = blends.Values.Count(blend => blend < 1);
        return $"{corrected} of {blends.Count} sites were corrected for the drift of their inputs; "
            + "elsewhere the text did not determine a correction";
    }

    private static void NoteRefined(SequentialOptions options, SequentialDriver driver, PhaseProgress progress)
    {
        if (options.RefinePasses > 0)
        {
            progress.Note($"{driver.RefinedLayers} layers came nearer to the dense ones by training what is continuous in them");
        }
    }

    private Blueprint Merge(
        CompressionPlan plan, ImmutableArray<BranchArtifact> artifacts, Func<Site, SiteProblem> pose, PhaseProgress progress)
    {
        int done = 0;
        var run = new MergeRun(
            pose, baseline.Weight, site => progress.Report(++done, plan.Sites.Length, site.Name), progress.Cancellation);
        Site[] sites = [.. plan.Sites.Select(site => site.Site)];
        return merger.Merge(sites, artifacts.SelectMany(artifact => artifact.Proposals), run);
    }
}
