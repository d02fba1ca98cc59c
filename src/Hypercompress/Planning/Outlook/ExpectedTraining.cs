using Hypercompress.Planning.Offers;

namespace Hypercompress.Planning.Outlook;

/// <summary>
/// What training is expected to do for a plan of entropy-coded matrices: how much of the plan's loss it leaves. The
/// shares are those that runs came to (bench/results, training): levels and scales of TinyStories-656K at 8×, 12× and
/// 16×, scales of SmolLM2-135M at 6× and 8×, measured on texts like those that they were trained on.
/// </summary>
/// <param name="Tokens">Tokens that the training phases read together; above 0.</param>
/// <param name="CodedShare">Share of the weights that are in entropy-coded matrices, 0 to 1.</param>
/// <param name="MovesLevels">Whether levels train, and not only their scales.</param>
internal sealed record ExpectedTraining(double Tokens, double CodedShare, bool MovesLevels)
{
    // With these tokens the shares were measured; with a ninth of them training took about a third as much away.
    private const double MeasuredTokens = 300_000;

    // Nothing is known of plans that are mostly made of other forms.
    private const double LeastCodedShare = 0.5;

    private static readonly (double Low, double Middle, double High) OfLevels = (0.5, 0.6, 0.8);
    private static readonly (double Low, double Middle, double High) OfScales = (0.6, 0.7, 0.85);

    /// <summary>Predicts the perplexity after training.</summary>
    /// <param name="forecast">Predicts that before training.</param>
    /// <param name="loss">Sum of the sites' losses, nats per token.</param>
    /// <returns>The prediction; null where nothing comparable was measured.</returns>
    internal PerplexityForecast? Predict(LossModel forecast, double loss)
    {
        if (CodedShare < LeastCodedShare)
        {
            return null;
        }

        PerplexityForecast before = forecast.Predict(loss);
        (double low, double middle, double high) = MovesLevels ? OfLevels : OfScales;
        double done = Math.Sqrt(Math.Min(1, Tokens / MeasuredTokens));
        double After(double perplexity, double left) =>
            forecast.TeacherPerplexity
            * Math.Pow(perplexity / forecast.TeacherPerplexity, 1 - ((1 - left) * done));
        return new PerplexityForecast(
            After(before.Perplexity, middle), After(before.Low, low), After(before.High, high));
    }
}
