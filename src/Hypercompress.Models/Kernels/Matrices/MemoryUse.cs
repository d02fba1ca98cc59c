namespace Hypercompress.Models.Kernels.Matrices;

/// <summary>How much memory coded matrices may take.</summary>
public enum MemoryUse
{
    /// <summary>Streams are decoded once, into codes that are multiplied fast.</summary>
    Fast,

    /// <summary>
    /// Fewer bytes: scalar levels stay in their streams and are decoded whenever they are multiplied; levels of a
    /// trellis are held as its steps, which take a bit less and are walked whenever they are multiplied.
    /// </summary>
    Small,
}
