using System.Runtime.Intrinsics;

namespace Hypercompress.Models.Kernels.Floats;

/// <summary>A stored kind of floating-point numbers.</summary>
internal interface IFloats
{
    /// <summary>Bytes of a number.</summary>
    static abstract int Bytes { get; }

    /// <summary>Eight numbers.</summary>
    /// <param name="numbers">The first number of a row.</param>
    /// <param name="index">Which number of it comes first.</param>
    static abstract unsafe Vector256<float> Load(byte* numbers, int index);

    /// <summary>One number.</summary>
    /// <param name="numbers">The first number of a row.</param>
    /// <param name="index">Which number of it.</param>
    static abstract unsafe float Get(byte* numbers, int index);
}
