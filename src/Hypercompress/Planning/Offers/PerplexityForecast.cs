namespace Hypercompress.Planning.Offers;

/// <summary>The predicted perplexity of a plan, before any training.</summary>
/// <param name="Perplexity">The predicted value.</param>
/// <param name="Low">Lower end of the band.</param>
/// <param name="High">Upper end of the band.</param>
public sealed record PerplexityForecast(double Perplexity, double Low, double High);
