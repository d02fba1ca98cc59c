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
using Hypercompress.Processes;
using Hypercompress.Sequential;
using Hypercompress.Sites;
using Hypercompress.Sites.Scheduling;

namespace Hypercompress.Pipeline.Solving;

/// <summary>
/// Phases 2 and 3, over all sites at once or in the order of the decoder, each group of sites after those before it.
/// Solved sites are kept as soon as they are merged.
/// </summary>
/// <param name="runner">Lets the branches carry out a plan.</param>
/// <param name="merger">Merges what they made.</param>
/// <param name="baseline">Statistics of the teacher.</param>
/// <param name="forms">Writes and reads matrices.</param>
/// <param name="environment">Threads and processes of the run.</param>
internal sealed class SiteSolver(
    BranchRunner runner, ProposalMerger merger, BaselineResult baseline, KeptForms forms, RunEnvironment environment)
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
            ImmutableArray<Site>[] batches =
            [
                .. SiteBatches.Of(
                    [.. plan.Sites.Select(site => site.Site)], environment.Threads, environment.Processes.Size),
            ];
            WorkPart<SolvedSites>[] parts =
            [
                .. batches.Select(
                    (sites, number) => PartOf(plan, sites, number, progress, () => baseline.Statistics)),
            ];
            foreach (SolvedSites part in progress.KeepEach(parts))
            {
                solved.Add(part);
                Report(progress, plan, part, ref done);
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
        var driver = new SequentialDriver(
            teacher, baseline.Statistics, windows, options, progress.Cancellation, environment.Processes)
        {
            CatchingUp = () => progress.Report(0, 0, "reading text through what the stopped run has solved"),
        };
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
        (int number, int done) = (0, 0);
        foreach (SiteGroup group in driver.Groups())
        {
            ImmutableArray<ImmutableArray<Site>> shares = SharesOf(plan, group);
            WorkPart<SolvedSites>[] parts =
            [
                .. shares.Select(sites => PartOf(plan, sites, number++, progress, () => group.Problems, group)),
            ];
            SolvedSites[] solved = [.. progress.KeepEach(parts, prepare: () => _ = group.Problems)];
            group.Accept(
                [.. solved.SelectMany(part => part.Blueprint.Sites)], Union(solved.Select(part => part.Blends)));
            foreach (SolvedSites part in solved)
            {
                artifacts.AddRange(part.Artifacts);
                Report(progress, plan, part, ref done);
            }
        }

        progress.Note(Summary(driver.Blends));
        NoteRefined(options, driver, progress);
        return new SolvedSites(BranchArtifact.Concat(artifacts), new Blueprint(merger.StrategyName, driver.Solved));
    }

    // A share for each process; sites that share a part of their matrices stay together.
    private ImmutableArray<ImmutableArray<Site>> SharesOf(CompressionPlan plan, SiteGroup group)
    {
        Dictionary<Site, string> owners = plan.Sites.Where(site => group.Sites.Contains(site.Site)).ToDictionary(
            site => site.Site,
            site => site.Offers.FirstOrDefault(offer => offer.Owner is not null)?.Owner ?? site.Site.Name);
        ImmutableArray<Site>[] together =
            [.. group.Sites.GroupBy(site => owners[site]).Select(sites => sites.ToImmutableArray())];
        return
        [
            .. Shares.BySize(together, sites => sites.Sum(site => site.ElementCount), environment.Processes.Size)
                .Select(share => share.SelectMany(sites => sites).ToImmutableArray()),
        ];
    }

    private static ImmutableSortedDictionary<string, double> Union(
        IEnumerable<ImmutableSortedDictionary<string, double>> blends) => blends
        .SelectMany(some => some)
        .DistinctBy(blend => blend.Key)
        .ToImmutableSortedDictionary(blend => blend.Key, blend => blend.Value, StringComparer.Ordinal);

    private static void Report(PhaseProgress progress, CompressionPlan plan, SolvedSites part, ref int done)
    {
        ImmutableArray<SiteBlueprint> sites = part.Blueprint.Sites;
        progress.Report(done += sites.Length, plan.Sites.Length, sites[^1].Site.Name);
    }

    // The work of solving some sites.
    private WorkPart<SolvedSites> PartOf(
        CompressionPlan plan,
        ImmutableArray<Site> sites,
        int number,
        PhaseProgress progress,
        Func<IProblemSource> problems,
        SiteGroup? group = null) => new(
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
        return $"input drift was corrected at {corrected} of {blends.Count} sites; "
            + "at the others the sample was too small to estimate a correction";
    }

    private static void NoteRefined(SequentialOptions options, SequentialDriver driver, PhaseProgress progress)
    {
        if (options.RefinePasses > 0)
        {
            progress.Note(
                $"training factors, scales and sparse values brought {driver.RefinedLayers} layers closer to "
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
