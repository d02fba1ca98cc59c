namespace Hypercompress.Models.Kernels.Matrices;

/// <summary>How much memory coded matrices may take.</summary>
public enum MemoryUse
{
    /// <summary>Streams are decoded once, into the codes that are multiplied.</summary>
    Fast,

    /// <summary>Streams stay as they are and are decoded whenever they are multiplied.</summary>
    Small,
}
