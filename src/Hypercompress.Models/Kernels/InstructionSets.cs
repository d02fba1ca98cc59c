using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Hypercompress.Models.Kernels;

/// <summary>Which instructions this processor has.</summary>
public static class InstructionSets
{
    /// <summary>All that it has, the slowest first.</summary>
    public static IReadOnlyList<InstructionSet> Supported { get; } =
        [.. Enum.GetValues<InstructionSet>().Where(IsSupported)];

    /// <summary>The fastest that it has.</summary>
    public static InstructionSet Widest => Supported[^1];

    /// <summary>What matrices that are made from now on are multiplied with; <see cref="Widest"/> unless set.</summary>
    internal static InstructionSet Chosen { get; set; } = Enum.GetValues<InstructionSet>().Last(IsSupported);

    /// <summary>Whether the processor has it.</summary>
    /// <param name="set">The instructions.</param>
    /// <returns>True when code may use them.</returns>
    public static bool IsSupported(InstructionSet set) => set switch
    {
        InstructionSet.Avx2 => Avx2.IsSupported,
        InstructionSet.AvxVnni => AvxVnni.IsSupported && Avx2.IsSupported,
        InstructionSet.ArmDot => Dp.IsSupported,
        _ => true,
    };
}
