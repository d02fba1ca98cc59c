namespace Hypercompress.Models.Kernels.Matrices;

/// <summary>How much memory coded matrices may take.</summary>
public enum MemoryUse
{
    /// <summary>Streams are decoded once, into codes that are multiplied fast.</summary>
    Fast,

    /// <summary>
    /// Fewer bytes: scalar levels stay in their streams and are decoded whenever they are multiplied; the steps of a
    /// trellis get fewer bits and more corrections.
    /// </summary>
    Small,
}
