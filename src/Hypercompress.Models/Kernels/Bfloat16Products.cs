using System.Runtime.Intrinsics.X86;

namespace Hypercompress.Models.Kernels;

/// <summary>Whether the processor multiplies bfloat16 numbers faster than float32 numbers.</summary>
public static class Bfloat16Products
{
    private const int Features = 7;
    private const int Avx512Bit = 1 << 5;
    private const int AmxBit = 1 << 22;

    /// <summary>Whether it has AVX512-BF16 or AMX-BF16, which libtorch's products use.</summary>
    public static bool AreFast { get; } = Find();

    private static bool Find()
    {
        if (!X86Base.IsSupported || !Avx512F.IsSupported || X86Base.CpuId(0, 0).Eax < Features)
        {
            return false;
        }

        (int leaves, _, _, int features) = X86Base.CpuId(Features, 0);
        bool hasAvx512 = leaves >= 1 && (X86Base.CpuId(Features, 1).Eax & Avx512Bit) != 0;
        return hasAvx512 || (features & AmxBit) != 0;
    }
}
