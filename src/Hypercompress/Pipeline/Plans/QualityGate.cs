using System.Collections.Immutable;
using System.Globalization;
using Hypercompress.Configuration;
using Hypercompress.Phases;
using Hypercompress.Planning;
using Hypercompress.Planning.Offers;

namespace Hypercompress.Pipeline.Plans;

/// <summary>Says honestly when a target is beyond what gives a model worth having, and stops the run unless it was told to go on.</summary>
/// <param name="config">The run's configuration.</param>
/// <param name="maker">Makes plans for other ratios.</param>
internal sealed class QualityGate(PipelineConfig config, PlanMaker maker)
{
    private const int Steps = 12;

    /// <summary>Judges a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="book">What it was made from.</param>
    /// <returns>The verdict.</returns>
    public QualityVerdict Judge(CompressionPlan plan, OfferBook book)
    {
        double factor = config.Planner.MaxPerplexityFactor;
        return IsSensible(plan, book)
            ? new QualityVerdict(true, factor, plan.Ratio)
            : new QualityVerdict(false, factor, NearestSensible(plan.Ratio, book));
    }

    /// <summary>Stops a run that promises nothing worth having.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="book">What it was made from.</param>
    /// <param name="decided">Whether the user has decided on the plan itself, so that it is only remarked on.</param>
    /// <param name="progress">The phase.</param>
    /// <exception cref="BudgetException">It promises nothing worth having, and nobody said to go on.</exception>
    public void Require(CompressionPlan plan, OfferBook book, bool decided, PhaseProgress progress)
    {
        QualityVerdict verdict = Judge(plan, book);
        if (verdict.Sensible)
        {
            return;
        }

        string finding = Describe(plan, book);
        if (decided || config.Planner.Force)
        {
            progress.Note(finding);
            return;
        }

        string nearest = verdict.NearestSensibleRatio is { } ratio
            ? string.Create(CultureInfo.InvariantCulture, $"the nearest ratio that promises more is {ratio:0.##}")
            : "no smaller ratio that promises more was found";
        throw new BudgetException(
            $"{finding}; {nearest}. To go on all the same, give --force (planner.force=true)",
            plan.AskedRatio,
            verdict.NearestSensibleRatio ?? 1);
    }

    private string Describe(CompressionPlan plan, OfferBook book)
    {
        PerplexityForecast prediction = book.Forecast.Predict(plan.PredictedLoss);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"ratio {plan.Ratio:0.##} lets expect perplexity {prediction.Perplexity:0.#} ({prediction.Low:0.#} to "
            + $"{prediction.High:0.#}) before training, above {config.Planner.MaxPerplexityFactor:0.##} times the teacher's "
            + $"{book.Forecast.TeacherPerplexity:0.##} (planner.max_perplexity_factor): this is beyond sensible quality");
    }

    private bool IsSensible(CompressionPlan plan, OfferBook book) =>
        book.Forecast.Predict(plan.PredictedLoss).Low <= config.Planner.MaxPerplexityFactor * book.Forecast.TeacherPerplexity;

    // Rounded down, so that asking for it is judged the same.
    private double? NearestSensible(double ratio, OfferBook book)
    {
        (double low, double high) = (0, Math.Log(Math.Max(1, ratio)));
        double? found = null;
        for (int step = 0; step < Steps; step++)
        {
            double middle = Math.Exp((low + high) / 2);
            if (TryPlan(middle, book) is { } plan && IsSensible(plan, book))
            {
                (low, found) = (Math.Log(middle), Math.Floor(100 * middle) / 100);
            }
            else
            {
                high = Math.Log(middle);
            }
        }

        return found;
    }

    private CompressionPlan? TryPlan(double ratio, OfferBook book)
    {
        try
        {
            return maker.Make(book, ratio, loose: true);
        }
        catch (BudgetException)
        {
            return null;
        }
    }
}
