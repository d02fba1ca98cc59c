using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypercompress.Models.Kernels.Dots;

/// <summary>Sums lane by lane in plain arithmetic.</summary>
internal readonly struct PortableDotProduct : IDotProduct
{
    private const int Signed = 128;

    /// <inheritdoc/>
    public static int WideBias => 0;

    /// <inheritdoc/>
    public static Vector256<int> Narrow(Vector256<int> sum, Vector256<byte> codes, Vector256<sbyte> x) =>
        Add(sum, codes, x, 0);

    /// <inheritdoc/>
    public static Vector256<int> Wide(Vector256<int> sum, Vector256<byte> codes, Vector256<sbyte> x) =>
        Add(sum, codes, x, Signed);

    private static unsafe Vector256<int> Add(
        Vector256<int> sum, Vector256<byte> codes, Vector256<sbyte> x, int offset)
    {
        int* sums = (int*)&sum;
        byte* code = (byte*)&codes;
        sbyte* value = (sbyte*)&x;
        for (int i = 0; i < Vector256<byte>.Count; i++)
        {
            sums[i / sizeof(int)] += (code[i] - offset) * value[i];
        }

        return sum;
    }
}
