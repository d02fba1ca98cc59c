namespace Hypercompress.Models.Transformer.Head;

/// <summary>
/// Cuts positions into chunks for the output projection, so that the logits of all of them are never in memory at once.
/// Whoever runs the projection over many positions does it chunk by chunk.
/// </summary>
public static class HeadChunks
{
    /// <summary>Most logits of a chunk: 128 MiB of float32, or 682 positions of a vocabulary of 49,152.</summary>
    public const long MostLogits = 1L << 25;

    /// <summary>Cuts positions.</summary>
    /// <param name="positions">How many there are, 0 or more.</param>
    /// <param name="vocabulary">Logits of one position, 1 or more.</param>
    /// <param name="most">
    /// Most positions of a chunk, 1 or more; by default only <see cref="MostLogits"/> bounds them.
    /// </param>
    /// <returns>The chunks in order, each of at least one position.</returns>
    public static IEnumerable<HeadChunk> Cut(long positions, long vocabulary, long most = long.MaxValue)
    {
        long size = Math.Max(1, Math.Min(most, MostLogits / vocabulary));
        for (long start = 0; start < positions; start += size)
        {
            yield return new HeadChunk(start, Math.Min(size, positions - start));
        }
    }
}
