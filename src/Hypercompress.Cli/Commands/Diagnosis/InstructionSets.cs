using System.Collections.Immutable;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Hypercompress.Models.Kernels;

namespace Hypercompress.Cli.Commands.Diagnosis;

/// <summary>Instruction sets of the processor that kernels can use.</summary>
internal static class InstructionSets
{
    private static readonly ImmutableArray<(string Name, bool IsSupported)> All =
    [
        ("SSE4.2", Sse42.IsSupported),
        ("AVX", Avx.IsSupported),
        ("AVX2", Avx2.IsSupported),
        ("FMA", Fma.IsSupported),
        ("BMI2", Bmi2.IsSupported),
        ("AVX-VNNI", AvxVnni.IsSupported),
        ("AVX-512F", Avx512F.IsSupported),
        ("AVX-512BW", Avx512BW.IsSupported),
        ("bfloat16 products", Bfloat16Products.AreFast),
        ("AdvSIMD", AdvSimd.IsSupported),
        ("DotProd", Dp.IsSupported),
    ];

    /// <summary>The sets that this processor has.</summary>
    /// <returns>Their names.</returns>
    public static IEnumerable<string> Supported() => All.Where(set => set.IsSupported).Select(set => set.Name);
}
