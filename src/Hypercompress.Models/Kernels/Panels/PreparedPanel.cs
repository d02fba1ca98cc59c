namespace Hypercompress.Models.Kernels.Panels;

/// <summary>A panel ready to be multiplied, its codes packed or unpacked.</summary>
/// <param name="kernel">What multiplies it.</param>
/// <param name="panel">Its codes.</param>
/// <param name="corrections">What is added to its products; null for nothing.</param>
internal readonly ref struct PreparedPanel(IPanelKernel kernel, Panel panel, Corrections? corrections)
{
    /// <summary>What multiplies it.</summary>
    public IPanelKernel Kernel { get; } = kernel;

    /// <summary>Its codes.</summary>
    public Panel Panel { get; } = panel;

    /// <summary>What is added to its products; null for nothing.</summary>
    public Corrections? Corrections { get; } = corrections;
}
