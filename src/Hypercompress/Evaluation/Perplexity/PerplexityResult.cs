namespace Hypercompress.Evaluation.Perplexity;

/// <summary>The scores of one model on one text.</summary>
/// <param name="File">The text.</param>
/// <param name="Convention">How it was cut: <c>paper</c> or <c>sliding</c>.</param>
/// <param name="Window">Tokens of a window.</param>
/// <param name="Perplexity">exp of the mean loss.</param>
/// <param name="NegativeLogLikelihood">Mean loss, nats per token.</param>
/// <param name="StandardError">
/// Standard error of the mean loss over windows, over tokens when there is one window; 0 for a single token.
/// </param>
/// <param name="Tokens">Tokens that were scored.</param>
/// <param name="Accuracy">Share of tokens that were the model's first guess, 0 to 1.</param>
/// <param name="AccuracyStandardError">Standard error of the accuracy, as for the loss.</param>
public sealed record PerplexityResult(
    string File,
    string Convention,
    int Window,
    double Perplexity,
    double NegativeLogLikelihood,
    double StandardError,
    long Tokens,
    double Accuracy,
    double AccuracyStandardError)
{
    /// <summary>Standard error of the perplexity, to first order: perplexity times that of the mean loss.</summary>
    public double PerplexityStandardError => Perplexity * StandardError;
}
