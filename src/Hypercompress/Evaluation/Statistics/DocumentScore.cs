namespace Hypercompress.Evaluation.Statistics;

/// <summary>The contribution of a document to a metric.</summary>
/// <param name="Value">A score; of F1 and MCC the right option, of perplexities a log-likelihood in nats.</param>
/// <param name="Other">
/// Of F1 and MCC the chosen option, of perplexities per word or byte their number; otherwise 0.
/// </param>
internal readonly record struct DocumentScore(double Value, double Other = 0);
