namespace Hypercompress.Models.Generation.Drawing;

/// <summary>
/// Numbers that look random, the same for a seed on every machine: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
/// </summary>
/// <param name="seed">Where they begin.</param>
internal sealed class RandomDraws(ulong seed)
{
    private const ulong Step = 0x9E3779B97F4A7C15;
    private const double Unit = 1.0 / (1L << 53);

    private ulong _state = seed;

    /// <summary>The next number, in [0, 1).</summary>
    public double Next()
    {
        _state = unchecked(_state + Step);
        ulong mixed = _state;
        mixed = unchecked((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9);
        mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB);
        return ((mixed ^ (mixed >> 31)) >> 11) * Unit;
    }
}
