namespace Hypercompress.Cli.Commands.Diagnosis;

/// <summary>
/// How fast the processors read memory together. A model that generates one token at a time reads all its weights for
/// each, so this rate over the bytes of the weights is the most tokens per second that it can reach.
/// </summary>
internal static class ReadRate
{
    private const int BytesOfAThread = 64 << 20;
    private const int Rounds = 4;

    /// <summary>Measures; takes well under a second.</summary>
    /// <param name="threads">Threads that read, 1 or more.</param>
    /// <param name="clock">For measuring.</param>
    /// <returns>Bytes per second, of the best of a few rounds.</returns>
    public static double Measure(int threads, TimeProvider clock)
    {
        long[][] parts =
            [.. Enumerable.Range(1, threads).Select(part => Filled(BytesOfAThread / sizeof(long), part))];
        double best = 0;
        for (int round = 0; round < Rounds; round++)
        {
            long started = clock.GetTimestamp();
            Parallel.ForEach(parts, new ParallelOptions { MaxDegreeOfParallelism = threads }, ReadAll);
            double seconds = clock.GetElapsedTime(started).TotalSeconds;
            best = Math.Max(best, (double)threads * BytesOfAThread / Math.Max(seconds, 1e-9));
        }

        return best;
    }

    private static long[] Filled(int length, long value)
    {
        long[] part = new long[length];
        part.AsSpan().Fill(value);
        return part;
    }

    // A search for what is not there reads everything, with the vectors of the runtime's own code.
    private static void ReadAll(long[] part)
    {
        if (part.AsSpan().Contains(0))
        {
            throw new InvalidOperationException("memory does not hold what was written to it");
        }
    }
}
