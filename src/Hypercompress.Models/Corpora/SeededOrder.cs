namespace Hypercompress.Models.Corpora;

/// <summary>Orders that depend on nothing but their seed: the same on every machine and in every version.</summary>
internal static class SeededOrder
{
    /// <summary>The numbers 0 to n - 1 in the order of an epoch (Fisher–Yates over SplitMix64).</summary>
    public static int[] Permutation(int count, int seed, long epoch)
    {
        ulong state = Mix(((ulong)(uint)seed << 32) ^ (ulong)epoch);
        int[] order = [.. Enumerable.Range(0, count)];
        for (int i = count - 1; i > 0; i--)
        {
            state += 0x9E3779B97F4A7C15;
            // The high half of a 64 × 64 bit product: uniform to within 2^-32 for any array.
            int other = (int)Math.BigMul(Mix(state), (ulong)(i + 1), out _);
            (order[i], order[other]) = (order[other], order[i]);
        }

        return order;
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
