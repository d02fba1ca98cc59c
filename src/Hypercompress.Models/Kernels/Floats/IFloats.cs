using System.Runtime.Intrinsics;

namespace Hypercompress.Models.Kernels.Floats;

/// <summary>A format in which floating-point numbers are stored.</summary>
internal interface IFloats
{
    /// <summary>Bytes of a number.</summary>
    static abstract int Bytes { get; }

    /// <summary>Eight neighbouring numbers, as float32.</summary>
    /// <param name="numbers">The first number of a row.</param>
    /// <param name="index">Which number of it comes first.</param>
    static abstract unsafe Vector256<float> Load(byte* numbers, int index);

    /// <summary>One number, as float32.</summary>
    /// <param name="numbers">The first number of a row.</param>
    /// <param name="index">Which number of it.</param>
    static abstract unsafe float Get(byte* numbers, int index);
}
