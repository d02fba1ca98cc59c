using Hypercompress.Evaluation.Benchmarks.Metrics;

namespace Hypercompress.Evaluation.Statistics;

/// <summary>
/// Standard errors by resampling (Efron 1979), draw for draw as lm-evaluation-harness: chunks of 1000 resamples, chunk
/// i seeded with i, so that a result does not depend on how chunks are spread over threads.
/// </summary>
internal static class Bootstrap
{
    private const int ChunkLength = 1000;

    /// <summary>Deviation of a statistic over resamples of documents.</summary>
    /// <param name="scores">One array of scores, or several of the same documents, which are drawn together.</param>
    /// <param name="iterations">Resamples, at least 2; rounded down to whole chunks.</param>
    /// <param name="statistic">The statistic, given the drawn scores.</param>
    public static double StandardError(
        DocumentScore[][] scores, int iterations, Func<DocumentScore[][], double> statistic)
    {
        int length = Math.Min(ChunkLength, iterations);
        var replicates = new double[iterations / length * length];
        Parallel.For(0, iterations / length, chunk => Fill(
            replicates.AsSpan(chunk * length, length), scores, new PythonRandom(chunk), statistic));
        double mean = replicates.Average();
        return Math.Sqrt(replicates.Sum(value => (value - mean) * (value - mean)) / (replicates.Length - 1));
    }

    private static void Fill(
        Span<double> replicates, DocumentScore[][] scores, PythonRandom random,
        Func<DocumentScore[][], double> statistic)
    {
        var indices = new int[scores[0].Length];
        DocumentScore[][] drawn = [.. scores.Select(array => new DocumentScore[array.Length])];
        foreach (ref double replicate in replicates)
        {
            random.Choices(indices.Length, indices);
            for (int array = 0; array < scores.Length; array++)
            {
                for (int i = 0; i < indices.Length; i++)
                {
                    drawn[array][i] = scores[array][indices[i]];
                }
            }

            replicate = statistic(drawn);
        }
    }
}
