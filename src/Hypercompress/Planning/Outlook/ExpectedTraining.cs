using System.Globalization;
using Hypercompress.Planning.Offers;

namespace Hypercompress.Planning.Outlook;

/// <summary>
/// What training is expected to do for a plan. The excess of a model is the logarithm of its perplexity over the
/// teacher's, in nats per token. Of the excess before training, distillation on t tokens leaves the share
/// (1 + t / t₀)^−p. Both constants were fitted to runs of three models, and the band holds the p of each of them.
/// Neither the size of the excess nor whether levels train beside their scales made a difference beyond the scatter
/// (docs/experiments.md).
/// </summary>
/// <param name="Tokens">Tokens that the training phases read together; not negative.</param>
/// <param name="CodedShare">Share of the weights that are in entropy-coded matrices, 0 to 1.</param>
internal sealed record ExpectedTraining(long Tokens, double CodedShare)
{
    private const double FirstTokens = 20_000;
    private const double LeastExponent = 0.06;
    private const double UsualExponent = 0.16;
    private const double MostExponent = 0.25;

    // The largest excess that was measured is 2.6 nats. Beyond, predictions before training end at what a model that
    // has learned nothing has, and say little of it.
    private const double MostExcess = 3;

    // Nothing is known of plans that are mostly made of other forms.
    private const double LeastCodedShare = 0.5;

    /// <summary>
    /// Whether distillation alone trains what the teacher itself was compressed to, levels only where there is text
    /// enough for them: nothing else was measured.
    /// </summary>
    public bool IsUsual { get; init; } = true;

    /// <summary>Predicts the perplexity after training.</summary>
    /// <param name="forecast">Predicts that before training.</param>
    /// <param name="loss">Sum of the sites' losses, nats per token.</param>
    /// <returns>The prediction; null where nothing comparable was measured.</returns>
    internal PerplexityForecast? Predict(LossModel forecast, double loss)
    {
        if (!IsUsual || CodedShare < LeastCodedShare)
        {
            return null;
        }

        PerplexityForecast before = forecast.Predict(loss);
        double teacher = forecast.TeacherPerplexity;
        double excess = Math.Log(before.Perplexity / teacher);
        if (excess is <= 0 or > MostExcess)
        {
            return excess <= 0 ? before : null;
        }

        // What is not known of the plan and what is not known of its training have nothing to do with each other, so
        // their squares add up.
        double steps = Math.Log(1 + (Tokens / FirstTokens));
        double down = double.Hypot(
            Math.Log(excess / Math.Log(before.Low / teacher)), (MostExponent - UsualExponent) * steps);
        double up = double.Hypot(
            Math.Log(Math.Log(before.High / teacher) / excess), (UsualExponent - LeastExponent) * steps);
        double left = Math.Log(excess) - (UsualExponent * steps);
        double At(double logarithm) => teacher * Math.Exp(Math.Exp(logarithm));
        return new PerplexityForecast(At(left), At(left - down), At(left + up));
    }

    /// <summary>Says the prediction before and after training in words.</summary>
    /// <param name="forecast">Predicts the perplexity before training.</param>
    /// <param name="loss">Sum of the sites' losses, nats per token.</param>
    /// <returns>The beginning of a note; null where nothing comparable was measured.</returns>
    internal string? Describe(LossModel forecast, double loss) => Predict(forecast, loss) is { } after
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"the plan predicts a perplexity of {forecast.Predict(loss).ToText("F2")} before training and about "
            + $"{after.ToText("F2")} after training on {Tokens:#,##0} tokens; the teacher has "
            + $"{forecast.TeacherPerplexity:F2}")
        : null;
}
