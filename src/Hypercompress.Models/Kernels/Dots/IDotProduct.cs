using System.Runtime.Intrinsics;

namespace Hypercompress.Models.Kernels.Dots;

/// <summary>
/// Products of bytes, four neighbours added into each 32-bit lane. They are made for four vectors at once, since
/// instructions without a product into 32 bit add several small products in 16 bit first.
/// </summary>
internal unsafe interface IDotProduct
{
    /// <summary>
    /// What <see cref="Add"/> subtracts from every code: 128 where instructions need signed codes, else 0.
    /// </summary>
    /// <param name="largest">The largest code.</param>
    static abstract int Offset(int largest);

    /// <summary>Adds products of four vectors of codes, less <see cref="Offset"/> each, with inputs.</summary>
    /// <param name="sum">What is added to.</param>
    /// <param name="largest">The largest code, 1 to 255; a constant at every call, so that branches fold.</param>
    /// <param name="c0">Codes of the first four columns.</param>
    /// <param name="c1">Codes of the second four.</param>
    /// <param name="c2">Codes of the third four.</param>
    /// <param name="c3">Codes of the last four.</param>
    /// <param name="x">
    /// 16 inputs, −127 to 127, a byte each: every lane of the k-th vector is multiplied by the k-th four of them.
    /// </param>
    static abstract Vector256<int> Add(
        Vector256<int> sum, int largest,
        Vector256<byte> c0, Vector256<byte> c1, Vector256<byte> c2, Vector256<byte> c3, int* x);
}
