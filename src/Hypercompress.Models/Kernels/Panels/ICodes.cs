using System.Runtime.Intrinsics;
using Hypercompress.Models.Kernels.Dots;

namespace Hypercompress.Models.Kernels.Panels;

/// <summary>
/// How a block of 8 rows and 32 columns is laid out. It has 8 vectors: vector v holds columns 4v to 4v + 3, those of
/// row r in its r-th 32-bit lane.
/// </summary>
internal interface ICodes
{
    /// <summary>Bytes of a block.</summary>
    static abstract int BlockBytes { get; }

    /// <summary>The largest code.</summary>
    static abstract int Largest { get; }

    /// <summary>How much more a code counts in <see cref="Add{TDot}"/> than the unsigned number that it is.</summary>
    /// <typeparam name="TDot">The instructions.</typeparam>
    /// <param name="zero">The code of zero.</param>
    /// <returns>What is subtracted from every code afterwards.</returns>
    static abstract int Bias<TDot>(int zero)
        where TDot : struct, IDotProduct;

    /// <summary>One of the vectors of a block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="vector">0 to 7.</param>
    static abstract unsafe Vector256<byte> Load(byte* block, int vector);

    /// <summary>Adds products.</summary>
    /// <typeparam name="TDot">The instructions.</typeparam>
    /// <param name="sum">What is added to.</param>
    /// <param name="codes">A vector of the block.</param>
    /// <param name="x">The same four numbers in every lane.</param>
    static abstract Vector256<int> Add<TDot>(Vector256<int> sum, Vector256<byte> codes, Vector256<sbyte> x)
        where TDot : struct, IDotProduct;

    /// <summary>Puts one code into a block whose codes are all zero there.</summary>
    static abstract unsafe void Put(byte* block, int row, int column, int code);

    /// <summary>Puts the 32 codes of a row into a block whose codes are all zero there.</summary>
    static abstract unsafe void PutRow(byte* block, int row, byte* codes);

    /// <summary>One code.</summary>
    static abstract unsafe int Get(byte* block, int row, int column);
}
