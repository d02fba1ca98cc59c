namespace Hypercompress.Training;

/// <summary>Cuts positions into chunks, so that the logits of all of them are never in memory at once.</summary>
internal static class TokenChunks
{
    // 2^25 float32 logits are 128 MiB: 682 positions of a vocabulary of 49,152.
    private const long MostLogits = 1L << 25;

    /// <summary>Cuts positions.</summary>
    /// <param name="positions">How many there are.</param>
    /// <param name="vocabulary">Logits of one.</param>
    /// <returns>Start and length of every chunk, in order.</returns>
    public static IEnumerable<(long Start, long Length)> Cut(long positions, long vocabulary)
    {
        long size = Math.Max(1, MostLogits / vocabulary);
        for (long start = 0; start < positions; start += size)
        {
            yield return (start, Math.Min(size, positions - start));
        }
    }
}
