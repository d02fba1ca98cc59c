using Hypercompress.NumberFormats.Integers;

namespace Hypercompress.Branches.Quantization;

/// <summary>Number formats by code width.</summary>
internal static class QuantizationMath
{
    private const int WidestAffine = 6;

    /// <summary>
    /// Symmetric for wide codes, affine for narrow ones: below seven bits the second value per group costs less than
    /// the half of the range that a lopsided group leaves unused.
    /// </summary>
    /// <param name="bits">2 to 8.</param>
    /// <param name="groupSize">Values that share a scale.</param>
    internal static IntegerFormat Format(int bits, int groupSize) => new(bits, groupSize, bits <= WidestAffine);
}
