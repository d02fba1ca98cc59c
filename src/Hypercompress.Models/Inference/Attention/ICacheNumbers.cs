using System.Runtime.Intrinsics;

namespace Hypercompress.Models.Inference.Attention;

/// <summary>How the numbers of a cache are held.</summary>
internal unsafe interface ICacheNumbers
{
    /// <summary>Bytes of a number.</summary>
    static abstract int Bytes { get; }

    /// <summary>Whether a head has a scale at each position.</summary>
    static abstract bool HasScale { get; }

    /// <summary>The scale of some numbers.</summary>
    /// <param name="numbers">The numbers of a head at a position.</param>
    /// <param name="count">How many.</param>
    static abstract float Step(float* numbers, int count);

    /// <summary>Stores a number.</summary>
    /// <param name="start">Where the numbers begin.</param>
    /// <param name="index">Which one.</param>
    /// <param name="number">The number.</param>
    /// <param name="step">What <see cref="Step"/> gave.</param>
    static abstract void Put(byte* start, int index, float number, float step);

    /// <summary>One number, without its scale.</summary>
    /// <param name="start">Where the numbers begin.</param>
    /// <param name="index">Which one.</param>
    static abstract float Get(byte* start, int index);

    /// <summary>Eight numbers, without their scale.</summary>
    /// <param name="start">Where the numbers begin.</param>
    /// <param name="index">Which one comes first.</param>
    static abstract Vector256<float> Load(byte* start, int index);
}
