namespace Hypercompress.Models.Inference.Attention;

/// <summary>Heads of a layer's cache.</summary>
/// <param name="Heads">Key/value heads.</param>
/// <param name="Dimension">Width of a head.</param>
internal sealed record HeadLayout(int Heads, int Dimension)
{
    /// <summary>Positions whose keys are interleaved, and numbers that are taken at once.</summary>
    public const int Lanes = 8;

    /// <summary>Width of a head's values, filled up to whole vectors.</summary>
    public int PaddedDimension => (Dimension + Lanes - 1) / Lanes * Lanes;
}
