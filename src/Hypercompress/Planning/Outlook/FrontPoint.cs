namespace Hypercompress.Planning.Outlook;

/// <summary>What one size would cost, by the offers of a run.</summary>
/// <param name="Ratio">Teacher bytes / student bytes.</param>
/// <param name="Bytes">Bytes of the student's weights.</param>
/// <param name="Perplexity">Predicted perplexity on the first validation text, before any training.</param>
/// <param name="Low">Lower end of its band.</param>
/// <param name="High">Upper end of its band.</param>
/// <param name="LimitPerplexity">
/// Predicted perplexity at the rate–distortion limit of these bytes; null where nothing has an error.
/// </param>
public sealed record FrontPoint(
    double Ratio, long Bytes, double Perplexity, double Low, double High, double? LimitPerplexity)
{
    /// <summary>
    /// Predicted perplexity after the run's kind of training; null where a plan of this size would not be trained, or
    /// nothing comparable was measured.
    /// </summary>
    public double? TrainedPerplexity { get; init; }
}
