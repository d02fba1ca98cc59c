namespace Hypercompress.Reporting.Quality;

/// <summary>A compressed model of another tool.</summary>
/// <param name="Name">The tool and its format.</param>
/// <param name="Bytes">Bytes of its weights.</param>
/// <param name="Perplexity">Its perplexity.</param>
internal sealed record PeerModel(string Name, long Bytes, double Perplexity);
