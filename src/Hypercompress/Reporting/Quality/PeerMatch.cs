namespace Hypercompress.Reporting.Quality;

/// <summary>A student beside a model of another tool that was measured on the same text.</summary>
/// <param name="Name">The other tool and its format.</param>
/// <param name="Bytes">Bytes of its weights.</param>
/// <param name="Perplexity">Its perplexity.</param>
/// <param name="StudentPerplexity">The student's perplexity on the same windows.</param>
/// <param name="Source">Where the measurement is written down.</param>
/// <param name="Sentence">The comparison in one sentence.</param>
public sealed record PeerMatch(
    string Name, long Bytes, double Perplexity, double StudentPerplexity, string Source, string Sentence);
