using Hypercompress.Models.Kernels.Dots;

namespace Hypercompress.Models.Kernels.Panels;

/// <summary>Finds the kernel of a kind of panel.</summary>
internal static class PanelKernels
{
    /// <summary>The kernel for a layout of codes and a kind of scales.</summary>
    /// <typeparam name="TCodes">The layout.</typeparam>
    /// <typeparam name="TScales">The kind.</typeparam>
    /// <param name="set">Instructions that the processor has.</param>
    public static IPanelKernel Find<TCodes, TScales>(InstructionSet set)
        where TCodes : struct, ICodes
        where TScales : struct, IScales => set switch
        {
            InstructionSet.AvxVnni => new PanelKernel<VnniDotProduct, TCodes, TScales>(),
            InstructionSet.Avx2 => new PanelKernel<Avx2DotProduct, TCodes, TScales>(),
            InstructionSet.ArmDot => new PanelKernel<ArmDotProduct, TCodes, TScales>(),
            _ => new PanelKernel<PortableDotProduct, TCodes, TScales>(),
        };
}
