using System.Runtime.Intrinsics;

namespace Hypercompress.Models.Kernels.Panels;

/// <summary>A layout of codes that can be the steps of a trellis, whose lowest bits choose its branches.</summary>
internal interface IStepCodes : ICodes
{
    /// <summary>
    /// The lowest bit of every code of a block: a row's in its 32-bit lane, as a <see cref="BitPlane"/>.
    /// </summary>
    /// <param name="block">The block.</param>
    static abstract unsafe Vector256<uint> LoadLowest(byte* block);

    /// <summary>One of the vectors of a block, every code times two.</summary>
    /// <param name="block">The block.</param>
    /// <param name="vector">0 to 7.</param>
    static abstract unsafe Vector256<byte> LoadDoubled(byte* block, int vector);
}
