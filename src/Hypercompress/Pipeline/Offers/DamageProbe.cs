using System.Collections.Immutable;
using Hypercompress.Analysis;
using Hypercompress.Branches;
using Hypercompress.Evaluation;
using Hypercompress.Evaluation.Perplexity;
using Hypercompress.Forms;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.Phases;
using Hypercompress.Pipeline.Runs;
using Hypercompress.Planning;
using Hypercompress.Planning.Offers;
using Hypercompress.Processes;
using Hypercompress.Sites;
using Hypercompress.Sites.Scheduling;
using Hypercompress.Surgery;
using static TorchSharp.torch;

namespace Hypercompress.Pipeline.Offers;

/// <summary>
/// Runs the teacher with damaged matrices to calibrate predicted errors: each site by itself on the model's own
/// divergence,
/// with the states before it cached, and all sites together on the validation text.
/// </summary>
/// <remarks>
/// Reference damages at single sites: LEMS, ICML 2026. Two levels show how the loss grows where errors are large.
/// </remarks>
/// <param name="options">The section <c>planner</c>.</param>
/// <param name="evaluation">How perplexity is measured.</param>
/// <param name="branches">All branches that take part.</param>
/// <param name="texts">The run's texts.</param>
/// <param name="environment">
/// Threads, which make damages in parallel, and processes, which each measure some of the sites.
/// </param>
internal sealed class DamageProbe(
    PlannerOptions options,
    EvaluationOptions evaluation,
    ImmutableArray<CompressionBranch> branches,
    RunTexts texts,
    RunEnvironment environment)
{
    // Nats per token of all sites together: the loss of a plan of about 4 bits per weight, and of one of about 2.
    private static readonly double[] Targets = [0.04, 0.4];

    private const int TeacherTokens = 4096;
    private const int StudentTokens = 2048;

    // Smaller values are rounding noise of float32 log-probabilities.
    private const double LeastDivergence = 2e-6;

    /// <summary>Measures.</summary>
    /// <param name="teacher">The model; unchanged when this returns.</param>
    /// <param name="statistics">The statistics of the teacher.</param>
    /// <param name="sites">The sites with their offers.</param>
    /// <param name="progress">The phase.</param>
    /// <returns>The sites with their calibrated losses, and the loss of the model by the sum of these.</returns>
    public ProbedOffers Run(
        DecoderModel teacher,
        CalibrationStatistics statistics,
        ImmutableArray<SiteOffers> sites,
        PhaseProgress progress)
    {
        using var noGrad = no_grad();
        TokenLosses undamaged = Losses(teacher, TeacherTokens, progress);
        LossModel unmeasured = LossModel.Unmeasured(undamaged.Perplexity, teacher.Config.VocabularySize);
        if (options.Probes == PlannerOptions.NoProbes || options.Mode == PlannerOptions.Manual)
        {
            return new ProbedOffers(sites, unmeasured);
        }

        using PrefixCache? cache = options.Probes == PlannerOptions.SiteProbes
            ? new PrefixCache(teacher, texts.ProbeWindows(options.ProbeTokens), statistics.Options.SkipPositions)
            : null;
        var run = new ProbeRun(teacher, statistics, sites, cache, undamaged, progress);
        DamageMeasurement mild = Measure(0, run);
        DamageMeasurement harsh = Measure(1, run);
        ImmutableArray<SiteOffers> calibrated =
            [.. sites.Select((site, index) => site with { Loss = LossCurve.Through(mild.At(index), harsh.At(index)) })];
        LossCurve whole = LossCurve.Through(Sum(calibrated, mild), Sum(calibrated, harsh));
        double error = (mild.RelativeError + harsh.RelativeError) / 2;
        return whole == LossCurve.Identity
            ? new ProbedOffers(calibrated, unmeasured)
            : new ProbedOffers(
                calibrated,
                LossModel.Measured(undamaged.Perplexity, teacher.Config.VocabularySize, whole, error));
    }

    private static LossPoint Sum(ImmutableArray<SiteOffers> sites, DamageMeasurement level)
    {
        double error = sites
            .Zip(level.Offers, (site, offer) => offer is null ? 0 : site.Loss.Loss(offer.PredictedError))
            .Sum();
        return new LossPoint(error, level.Excess);
    }

    private DamageMeasurement Measure(int level, ProbeRun run)
    {
        ImmutableArray<Offer?> offers = DamageLevel.Choose(run.Sites, Targets[level]);
        int[] damaged = [.. Enumerable.Range(0, run.Sites.Length).Where(index => offers[index] is not null)];
        var steps = new ProbeSteps(run.Progress, 2 * level * damaged.Length, 2 * Targets.Length * damaged.Length);
        FormMatrix Damage(int index)
        {
            FormMatrix damage = Solve(run, run.Sites[index].Site, offers[index]!);
            steps.Advance(run.Sites[index].Site.Name);
            return damage;
        }

        FormMatrix[] damages = ParallelSites.Map(
            damaged,
            index => SiteWork.Of(run.Sites[index].Site),
            environment.Threads,
            Damage,
            damage => damage.Dispose(),
            run.Progress.Cancellation);
        try
        {
            ImmutableArray<double> divergences = Divergences(run, damaged, damages, steps);
            (double excess, double error) = Excess(run, damaged, damages);
            run.Progress.Measure(MeasuredSeries.DamageExcess, level + 1, excess);
            return new DamageMeasurement(offers, divergences, excess, error);
        }
        finally
        {
            FormMatrix.Release(damages);
        }
    }

    private FormMatrix Solve(ProbeRun run, Site site, Offer offer)
    {
        using SiteProblem problem = run.Problems.Pose(site);
        FormMatrix matrix = branches.First(branch => branch.Name == offer.Branch).SolveTrial(problem, offer);
        matrix.MoveTo(run.Teacher.Device);
        return matrix;
    }

    // Each site by itself.
    private ImmutableArray<double> Divergences(ProbeRun run, int[] damaged, FormMatrix[] damages, ProbeSteps steps)
    {
        var divergences = new double[run.Sites.Length];
        foreach ((int index, FormMatrix damage) in environment.Processes.InTurns([.. damaged.Zip(damages)]))
        {
            divergences[index] = Divergence(run, run.Sites[index].Site, damage);
            steps.Advance(run.Sites[index].Site.Name);
        }

        environment.Processes.Sum(divergences.AsSpan());
        return [.. divergences];
    }

    private static double Divergence(ProbeRun run, Site site, FormMatrix matrix)
    {
        if (run.Cache is null)
        {
            return 0;
        }

        using var trial = new TemporarySwap(run.Teacher, site.Name, matrix);
        double divergence = run.Cache.Divergence(run.Teacher, site.Layer);
        return divergence >= LeastDivergence ? divergence : 0;
    }

    // All sites together.
    private (double Excess, double StandardError) Excess(ProbeRun run, int[] damaged, FormMatrix[] damages)
    {
        using var all = new TemporarySwap(run.Teacher, damaged.Zip(
            damages,
            (index, damage) => KeyValuePair.Create<string, WeightMatrix>(run.Sites[index].Site.Name, damage)));
        return Losses(run.Teacher, StudentTokens, run.Progress).ExcessOver(run.Undamaged);
    }

    private TokenLosses Losses(DecoderModel model, int tokens, PhaseProgress progress) => TokenLosses.Measure(
        model,
        texts.Validation[0],
        evaluation with { MaxTokens = Math.Min(tokens, evaluation.MaxTokens ?? tokens) },
        environment.Processes,
        progress.Cancellation);
}
