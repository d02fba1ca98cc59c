namespace Hypercompress.Branches.ByteLatent;

/// <summary>Widths of a factorized embedding.</summary>
internal static class ByteLatentMath
{
    /// <summary>
    /// The widest table that removes a share of the parameters: the largest r with r (V + D) ≤ (1 − reduction) V D, but
    /// at least 1.
    /// </summary>
    /// <param name="vocabulary">V.</param>
    /// <param name="width">D.</param>
    /// <param name="reduction">Share to remove, in [0, 1).</param>
    /// <returns>1 to min(V, D).</returns>
    internal static int WidestLatent(long vocabulary, long width, double reduction)
    {
        double kept = (1 - reduction) * vocabulary * width;
        long widest = (long)Math.Floor(kept / (vocabulary + width));
        return (int)long.Clamp(widest, 1, long.Min(vocabulary, width));
    }
}
