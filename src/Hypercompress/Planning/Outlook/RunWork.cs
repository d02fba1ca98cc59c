using System.Collections.Immutable;
using Hypercompress.Sites;

namespace Hypercompress.Planning.Outlook;

/// <summary>
/// The work of a run in floating-point operations. Passes over text are counted; searches for levels and trial
/// compressions, which are not products of matrices, are what they took for each weight of SmolLM2-135M, by the
/// product rate of the machine that they ran on.
/// </summary>
/// <param name="Sites">The sites of the model.</param>
/// <param name="CalibrationTokens">Tokens of the statistics of inputs.</param>
/// <param name="FisherTokens">Tokens of the statistics of gradients.</param>
/// <param name="ScoredTokens">Tokens of all validation texts that are scored.</param>
/// <param name="TrainedTokens">Tokens that training may read.</param>
internal sealed record RunWork(
    ImmutableArray<Site> Sites,
    double CalibrationTokens,
    double FisherTokens,
    double ScoredTokens,
    double TrainedTokens)
{
    // Passes through all matrices, in products of one: with gradients 3, and one again for what is recomputed.
    private const int GradientPasses = 4;
    private const int ScoredModels = 2;
    private const double TrainingPasses = 3.5;

    private const double OfferOperations = 176e3;
    private const double ProbeOperations = 298e3;
    private const double SolvingOperations = 579e3;
    private const double SolvingAtOnceOperations = 293e3;

    // Of a weight of the embedding or the head beside one of a layer: offers look at samples of their rows, and rows
    // are solved without regard to each other.
    private const double OfferShareOutside = 0.14;
    private const double SolvingShareOutside = 0.3;

    // Writing multiplies few tokens at a time and copies its cache; a small model spends the time between the
    // operations of a layer. Measured on one thread with models of 0.7 and 2.4 million weights.
    private const double WritingWork = 3;
    private const double WritingSeconds = 0.00125;

    // Loading, texts, saving, and what libraries do when they are first used.
    private const double FixedSeconds = 4;

    /// <summary>Tokens that a student is trained on before it is compressed.</summary>
    public double StudentTokens { get; init; }

    /// <summary>Tokens of the calibration text that the model writes itself; 0 where a text is given.</summary>
    public double WrittenTokens { get; init; }

    /// <summary>Passes in which it writes them: one token of several sequences each.</summary>
    public double WritingPasses { get; init; }

    /// <summary>Whether the statistics of the model are known from another run.</summary>
    public bool KnowsStatistics { get; init; }

    /// <summary>Whether the offers are known from another run.</summary>
    public bool KnowsOffers { get; init; }

    /// <summary>Whether sites are compressed on trial.</summary>
    public bool Probes { get; init; }

    /// <summary>Whether blocks may be solved in order.</summary>
    public bool SolvesInOrder { get; init; }

    private double Weights => Sites.Sum(site => (double)site.ElementCount);

    private double Product => 2 * Weights;

    /// <summary>Wall time without training.</summary>
    /// <param name="rate">Floating-point operations a second of passes over text.</param>
    /// <param name="searchRate">The same of the processor, which searches for levels.</param>
    public double Seconds(double rate, double searchRate)
    {
        double passes = (ScoredModels * Product * ScoredTokens) + (KnowsStatistics ? 0 : Statistics);
        double solving = (SolvesInOrder ? SolvingOperations : SolvingAtOnceOperations)
            + (!KnowsOffers && Probes ? ProbeOperations : 0);
        double searches = (solving * WeightsAt(SolvingShareOutside))
            + (KnowsOffers ? 0 : OfferOperations * WeightsAt(OfferShareOutside));
        passes += Product * ((TrainingPasses * StudentTokens) + (WritingWork * WrittenTokens));
        double layers = Sites.Select(site => site.Layer).OfType<int>().Distinct().Count();
        return FixedSeconds + (passes / rate) + (searches / searchRate)
            + (WritingPasses * (layers + 1) * WritingSeconds);
    }

    /// <summary>Wall time of training.</summary>
    /// <param name="rate">Floating-point operations a second.</param>
    public double TrainingSeconds(double rate) => TrainingPasses * Product * TrainedTokens / rate;

    private double WeightsAt(double shareOutside) =>
        Sites.Sum(site => (site.Layer is null ? shareOutside : 1) * site.ElementCount);

    // Second moments of inputs are sums of outer products, of which half is computed twice.
    private double Statistics =>
        (Product * (CalibrationTokens + (GradientPasses * FisherTokens)))
        + (CalibrationTokens * Inputs.Sum(width => 2 * width * width))
        + (FisherTokens * Sites.Where(site => site.Layer is not null).Sum(site => 2.0 * site.Rows * site.Rows));

    // Matrices of a layer that read the same input share its moments.
    private IEnumerable<double> Inputs => Sites.Where(site => site.Layer is not null)
        .GroupBy(site => (site.Layer, site.Columns)).Select(group => (double)group.Key.Columns);
}
