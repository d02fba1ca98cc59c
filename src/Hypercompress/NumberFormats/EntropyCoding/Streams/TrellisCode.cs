namespace Hypercompress.NumberFormats.EntropyCoding.Streams;

/// <summary>
/// The 64-state trellis that levels follow. Levels are integers; in a state of even parity a level is even, in one of
/// odd parity odd, and bit 1 of the level leads to one of two next states. Paths so far apart that their squared
/// distance more than compensates for the coarser grid of each step: 1.3 dB of the 1.53 dB that a scalar quantizer is
/// above the rate–distortion bound.
/// </summary>
/// <remarks>
/// Trellis coded quantization: Marcellin and Fischer, IEEE Trans. Commun. 38 (1990); entropy-coded: Fischer and Wang,
/// IEEE Trans. Inf. Theory 38 (1992). The code is Ungerboeck's one-dimensional one with parity checks 103 and 024
/// (octal).
/// </remarks>
internal static class TrellisCode
{
    /// <summary>Number of states.</summary>
    internal const int States = 64;

    /// <summary>The state that every run begins in; level 0 stays in it.</summary>
    internal const int Start = 0;

    /// <summary>The bits that bit 1 of a level changes in the previous state, seen from the next one.</summary>
    internal const int BranchFlip = 10;

    /// <summary>The bits that odd parity changes in the previous state, seen from the next one.</summary>
    internal const int ParityFlip = 16;

    private const int Half = States / 2;

    /// <summary>0 where levels are even, 1 where they are odd.</summary>
    internal static int Parity(int state) => state / Half;

    /// <summary>Bit 1 of a level, counted from the parity of its state.</summary>
    internal static int Branch(int level) => (level >> 1) & 1;

    /// <summary>The state after a level.</summary>
    /// <param name="state">0 to 63.</param>
    /// <param name="level">A level of the state's parity.</param>
    internal static int Next(int state, int level)
    {
        int moved = ((state << 1) & (States - 1)) ^ (Parity(state) * ((2 * ParityFlip) + 1));
        return moved ^ (Branch(level) * 2 * BranchFlip);
    }

    /// <summary>The state before one that was reached over a branch; its parity is bit 0 of the next state.</summary>
    internal static int Previous(int next, int branch)
    {
        int shared = (next >> 1) ^ (branch * BranchFlip);
        return (next & 1) == 0 ? shared : Half + (shared ^ ParityFlip);
    }
}
