using System.Runtime.Intrinsics;

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

    /// <summary>One of the vectors of a block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="vector">0 to 7.</param>
    static abstract unsafe Vector256<byte> Load(byte* block, int vector);

    /// <summary>Puts one code into a block whose codes are all zero there.</summary>
    static abstract unsafe void Put(byte* block, int row, int column, int code);

    /// <summary>Puts the 32 codes of a row into a block whose codes are all zero there.</summary>
    static abstract unsafe void PutRow(byte* block, int row, byte* codes);

    /// <summary>One code.</summary>
    static abstract unsafe int Get(byte* block, int row, int column);
}
