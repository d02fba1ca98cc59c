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
using Hypercompress.Sites;
using Hypercompress.Surgery;
using static TorchSharp.torch;

namespace Hypercompress.Pipeline.Offers;

/// <summary>
/// Runs the teacher with damaged matrices to learn what predicted errors cost it: each site by itself on the model's own
/// divergence, with the states before it cached, and all sites together on the validation text.
/// </summary>
/// <remarks>
/// Reference damages at single sites: LEMS, ICML 2026. Two levels tell how the cost bends where errors are large.
/// </remarks>
/// <param name="options">The section <c>planner</c>.</param>
/// <param name="evaluation">How perplexity is measured.</param>
/// <param name="branches">All branches that take part.</param>
/// <param name="texts">The run's texts.</param>
/// <param name="threads">CPU threads, 1 or more; damages are made side by side.</param>
internal sealed class DamageProbe(
    PlannerOptions options,
    EvaluationOptions evaluation,
    ImmutableArray<CompressionBranch> branches,
    RunTexts texts,
    int threads)
{
    // Nats per token of all sites together: what a plan of about 4 bits a weight costs, and one of about 2.
    private static readonly double[] Targets = [0.04, 0.4];

    private const int TeacherTokens = 4096;
    private const int StudentTokens = 2048;

    // Below this float32 log-probabilities tell nothing.
    private const double LeastDivergence = 2e-6;

    /// <summary>Measures.</summary>
    /// <param name="teacher">The model; as it was when this returns.</param>
    /// <param name="statistics">The statistics of the teacher.</param>
    /// <param name="sites">What can be had.</param>
    /// <param name="progress">The phase.</param>
    /// <returns>The sites with what their errors cost, and what their sum means for the model.</returns>
    public (ImmutableArray<SiteOffers> Sites, LossModel Forecast) Run(
        DecoderModel teacher, CalibrationStatistics statistics, ImmutableArray<SiteOffers> sites, PhaseProgress progress)
    {
        using var noGrad = no_grad();
        TokenLosses unharmed = Losses(teacher, TeacherTokens, progress);
        LossModel unmeasured = LossModel.Unmeasured(unharmed.Perplexity, teacher.Config.VocabularySize);
        if (options.Probes == PlannerOptions.NoProbes || options.Mode == PlannerOptions.Manual)
        {
            return (sites, unmeasured);
        }

        using PrefixCache? cache = options.Probes == PlannerOptions.SiteProbes
            ? new PrefixCache(teacher, texts.ProbeWindows(options.ProbeTokens), statistics.Options.SkipPositions)
            : null;
        DamageMeasurement mild = Measure(0, teacher, statistics, sites, cache, unharmed, progress);
        DamageMeasurement harsh = Measure(1, teacher, statistics, sites, cache, unharmed, progress);
        ImmutableArray<SiteOffers> calibrated =
            [.. sites.Select((site, index) => site with { Loss = LossCurve.Through(mild.At(index), harsh.At(index)) })];
        LossCurve whole = LossCurve.Through(Sum(calibrated, mild), Sum(calibrated, harsh));
        return whole == LossCurve.Identity
            ? (calibrated, unmeasured)
            : (calibrated, LossModel.Measured(
                unharmed.Perplexity, teacher.Config.VocabularySize, whole, (mild.RelativeError + harsh.RelativeError) / 2));
    }

    private static (double Error, double Loss) Sum(ImmutableArray<SiteOffers> sites, DamageMeasurement level) => (
        sites.Zip(level.Offers, (site, offer) => offer is null ? 0 : site.Loss.Loss(offer.PredictedError)).Sum(), level.Excess);

    private DamageMeasurement Measure(
        int level,
        DecoderModel teacher,
        IProblemSource problems,
        ImmutableArray<SiteOffers> sites,
        PrefixCache? cache,
        TokenLosses unharmed,
        PhaseProgress progress)
    {
        ImmutableArray<Offer?> offers = DamageLevel.Choose(sites, Targets[level]);
        int[] damaged = [.. Enumerable.Range(0, sites.Length).Where(index => offers[index] is not null)];
        int done = 2 * level * damaged.Length;
        void Advance(int index) =>
            progress.Report(Interlocked.Increment(ref done), 2 * Targets.Length * damaged.Length, sites[index].Site.Name);

        FormMatrix[] damages = ParallelSites.Map(
            damaged,
            threads,
            index =>
            {
                FormMatrix damage = Solve(teacher, problems, sites[index].Site, offers[index]!);
                Advance(index);
                return damage;
            },
            damage => damage.Dispose(),
            progress.Cancellation);
        try
        {
            var divergences = new double[sites.Length];
            foreach ((int index, FormMatrix damage) in damaged.Zip(damages))
            {
                divergences[index] = Divergence(teacher, sites[index].Site, damage, cache);
                Advance(index);
            }

            using var all = new TemporarySwap(teacher, damaged.Zip(
                damages, (index, damage) => KeyValuePair.Create<string, WeightMatrix>(sites[index].Site.Name, damage)));
            (double excess, double error) = Losses(teacher, StudentTokens, progress).ExcessOver(unharmed);
            progress.Measure(MeasuredSeries.DamageExcess, level + 1, excess);
            return new DamageMeasurement(offers, [.. divergences], excess, error);
        }
        finally
        {
            FormMatrix.Release(damages);
        }
    }

    private FormMatrix Solve(DecoderModel teacher, IProblemSource problems, Site site, Offer offer)
    {
        using SiteProblem problem = problems.Pose(site);
        FormMatrix matrix = branches.First(branch => branch.Name == offer.Branch).Solve(problem, offer);
        matrix.MoveTo(teacher.Device);
        return matrix;
    }

    private static double Divergence(DecoderModel teacher, Site site, FormMatrix matrix, PrefixCache? cache)
    {
        if (cache is null)
        {
            return 0;
        }

        using var trial = new TemporarySwap(teacher, site.Name, matrix);
        double divergence = cache.Divergence(teacher, site.Layer);
        return divergence >= LeastDivergence ? divergence : 0;
    }

    private TokenLosses Losses(DecoderModel model, int tokens, PhaseProgress progress) => TokenLosses.Measure(
        model,
        texts.Validation[0],
        evaluation with { MaxTokens = Math.Min(tokens, evaluation.MaxTokens ?? tokens) },
        progress.Cancellation);
}
