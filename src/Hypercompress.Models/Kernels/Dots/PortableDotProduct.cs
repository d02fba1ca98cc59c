using System.Runtime.Intrinsics;

namespace Hypercompress.Models.Kernels.Dots;

/// <summary>The same products in plain arithmetic, one after the other.</summary>
internal readonly unsafe struct PortableDotProduct : IDotProduct
{
    /// <inheritdoc/>
    public static int Offset(int largest) => 0;

    /// <inheritdoc/>
    public static Vector256<int> Add(
        Vector256<int> sum, int largest,
        Vector256<byte> c0, Vector256<byte> c1, Vector256<byte> c2, Vector256<byte> c3, int* x)
    {
        Add(ref sum, c0, (sbyte*)x);
        Add(ref sum, c1, (sbyte*)(x + 1));
        Add(ref sum, c2, (sbyte*)(x + 2));
        Add(ref sum, c3, (sbyte*)(x + 3));
        return sum;
    }

    private static void Add(ref Vector256<int> sum, Vector256<byte> codes, sbyte* x)
    {
        Vector256<int> sums = sum;
        var lanes = (int*)&sums;
        var code = (byte*)&codes;
        for (int i = 0; i < Vector256<byte>.Count; i++)
        {
            lanes[i / sizeof(int)] += code[i] * x[i % sizeof(int)];
        }

        sum = sums;
    }
}
