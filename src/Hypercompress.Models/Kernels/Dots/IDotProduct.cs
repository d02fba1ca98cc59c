using System.Runtime.Intrinsics;

namespace Hypercompress.Models.Kernels.Dots;

/// <summary>Products of bytes, four neighbours added into each 32-bit lane.</summary>
internal interface IDotProduct
{
    /// <summary>What <see cref="Wide"/> leaves in: codes count as this much less in its result.</summary>
    static abstract int WideBias { get; }

    /// <summary>Adds products of codes that are at most 15.</summary>
    /// <param name="sum">What is added to.</param>
    /// <param name="codes">0 to 15.</param>
    /// <param name="x">−127 to 127.</param>
    static abstract Vector256<int> Narrow(Vector256<int> sum, Vector256<byte> codes, Vector256<sbyte> x);

    /// <summary>Adds products of codes of any size, each lessened by 128 − <see cref="WideBias"/>.</summary>
    /// <param name="sum">What is added to.</param>
    /// <param name="codes">0 to 255.</param>
    /// <param name="x">−127 to 127.</param>
    static abstract Vector256<int> Wide(Vector256<int> sum, Vector256<byte> codes, Vector256<sbyte> x);
}
