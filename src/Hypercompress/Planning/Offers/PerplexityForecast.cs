namespace Hypercompress.Planning.Offers;

/// <summary>The perplexity that a plan lets expect before any training.</summary>
/// <param name="Perplexity">What is expected.</param>
/// <param name="Low">Lower end of the band.</param>
/// <param name="High">Upper end of the band.</param>
public sealed record PerplexityForecast(double Perplexity, double Low, double High);
