using System.Collections.Concurrent;

namespace Hypercompress.Models.Kernels;

/// <summary>
/// Memory for what is written before it is read, kept from one matrix to the next while a model is loaded: the system
/// takes longer to hand out new pages than a matrix takes to be written to them.
/// </summary>
internal static class SpareMemory
{
    // A block is kept for each processor: of this size, all of them are small beside a model with such matrices.
    private const long MostBytes = 8 << 20;

    private static readonly ConcurrentBag<AlignedMemory> Kept = [];

    /// <summary>Takes memory.</summary>
    /// <param name="bytes">How many bytes at least.</param>
    /// <returns>Memory with any contents, for <see cref="Return"/>.</returns>
    public static AlignedMemory Take(long bytes)
    {
        while (bytes <= MostBytes && Kept.TryTake(out AlignedMemory? kept))
        {
            if (kept.ByteCount >= bytes)
            {
                return kept;
            }

            kept.Dispose();
        }

        return AlignedMemory.Unfilled(bytes);
    }

    /// <summary>Takes memory back.</summary>
    /// <param name="memory">What <see cref="Take"/> gave.</param>
    public static void Return(AlignedMemory memory)
    {
        if (memory.ByteCount <= MostBytes && Kept.Count < Environment.ProcessorCount)
        {
            Kept.Add(memory);
        }
        else
        {
            memory.Dispose();
        }
    }

    /// <summary>Frees what is kept, once a model is loaded.</summary>
    public static void Free()
    {
        while (Kept.TryTake(out AlignedMemory? kept))
        {
            kept.Dispose();
        }
    }
}
