using System.Globalization;
using Hypercompress.Planning.Offers;

namespace Hypercompress.Planning.Outlook;

/// <summary>
/// Compares a plan's predicted perplexity with a multiple of the teacher's, and refuses a plan that exceeds it unless
/// the user decided otherwise.
/// </summary>
/// <remarks>
/// It judges by the perplexity before training, also where the plan trains: the lower end of that band is about what
/// training leaves of the middle, training brings a model nearer to the text than to its teacher, and nothing that is
/// refused by the default limit was measured to come back to use (docs/phases/budget-plan.md). What is expected after
/// training stands beside it.
/// </remarks>
/// <param name="options">The section <c>planner</c>.</param>
/// <param name="maker">Makes plans for other ratios.</param>
internal sealed class QualityGate(PlannerOptions options, PlanMaker maker)
{
    private const int Steps = 12;

    /// <summary>Judges a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="book">The offers that it was made from.</param>
    /// <returns>The verdict.</returns>
    public QualityVerdict Judge(CompressionPlan plan, OfferBook book)
    {
        double factor = options.MaxPerplexityFactor;
        return IsSensible(plan, book)
            ? new QualityVerdict(true, factor, plan.Ratio)
            : new QualityVerdict(false, factor, NearestSensible(plan.Ratio, book));
    }

    /// <summary>Refuses a plan whose predicted quality is below the limit.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="book">The offers that it was made from.</param>
    /// <param name="decided">Whether the user decided on the plan itself, so that it is not refused.</param>
    /// <param name="training">What training is expected to do; null without training.</param>
    /// <returns>A remark on the quality where it is below the limit and the run goes on; otherwise null.</returns>
    /// <exception cref="BudgetException">The quality is below the limit, and nothing says to go on.</exception>
    public string? Require(CompressionPlan plan, OfferBook book, bool decided, ExpectedTraining? training)
    {
        if (IsSensible(plan, book))
        {
            return null;
        }

        string finding = Describe(plan, book, trains: training is not null);
        if (decided || options.Force)
        {
            return finding;
        }

        double? sensible = NearestSensible(plan.Ratio, book);
        throw new BudgetException(
            $"{finding}{After(plan, book, training)}; {Nearest(sensible, book)}. To continue anyway, give --force "
            + "(planner.force=true)",
            plan.AskedRatio,
            sensible ?? 1);
    }

    private static string After(CompressionPlan plan, OfferBook book, ExpectedTraining? training) =>
        training?.Predict(book.Forecast, plan.PredictedLoss) is { } after
            ? $"; after training about {after.ToText("0.#")} is expected"
            : string.Empty;

    private string Nearest(double? ratio, OfferBook book) => (ratio, maker.AsksInBytes) switch
    {
        (null, true) => "no larger size within the limit was found",
        (null, false) => "no smaller ratio within the limit was found",
        ({ } found, true) => string.Create(
            CultureInfo.InvariantCulture,
            $"the nearest size within the limit is {PlanRequest.TargetFor(book.TeacherBytes, found)} bytes"),
        ({ } found, false) => string.Create(
            CultureInfo.InvariantCulture, $"the nearest ratio within the limit is {found:0.##}"),
    };

    private string Describe(CompressionPlan plan, OfferBook book, bool trains)
    {
        PerplexityForecast prediction = book.Forecast.Predict(plan.PredictedLoss);
        string size = maker.AsksInBytes
            ? string.Create(CultureInfo.InvariantCulture, $"{plan.Bytes} bytes")
            : string.Create(CultureInfo.InvariantCulture, $"ratio {plan.Ratio:0.##}");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"at {size}{options.Limits.Words} the predicted perplexity is {prediction.ToText("0.#")}"
            + $"{(trains ? " before training" : "")}, more than {options.MaxPerplexityFactor:0.##} times the teacher's "
            + $"{book.Forecast.TeacherPerplexity:0.##} (planner.max_perplexity_factor): the model would be of little "
            + $"use");
    }

    private bool IsSensible(CompressionPlan plan, OfferBook book) =>
        book.Forecast.Predict(plan.PredictedLoss).Low <= options.MaxPerplexityFactor * book.Forecast.TeacherPerplexity;

    // Rounded down, so that the verdict on the rounded ratio is the same.
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
