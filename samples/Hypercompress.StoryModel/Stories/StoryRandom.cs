namespace Hypercompress.StoryModel.Stories;

/// <summary>
/// SplitMix64 (Steele, Lea, Flood 2014): the same stories on every machine and every .NET version, which
/// <see cref="Random"/> does not promise.
/// </summary>
/// <param name="seed">Any number; equal seeds give equal sequences.</param>
public sealed class StoryRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A number in [0, <paramref name="bound"/>).</summary>
    /// <param name="bound">At least 1.</param>
    /// <returns>The number.</returns>
    public int Next(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        return (int)(NextBits() % (ulong)bound);
    }

    /// <summary>True with the given probability.</summary>
    /// <param name="probability">In [0, 1].</param>
    /// <returns>The outcome.</returns>
    public bool Chance(double probability) => (NextBits() >> 11) * (1.0 / (1UL << 53)) < probability;

    /// <summary>One of some things, all equally likely.</summary>
    /// <typeparam name="T">What they are.</typeparam>
    /// <param name="things">At least one.</param>
    /// <returns>The choice.</returns>
    public T Pick<T>(IReadOnlyList<T> things)
    {
        ArgumentNullException.ThrowIfNull(things);
        return things[Next(things.Count)];
    }

    private ulong NextBits()
    {
        _state += 0x9E3779B97F4A7C15;
        ulong z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
