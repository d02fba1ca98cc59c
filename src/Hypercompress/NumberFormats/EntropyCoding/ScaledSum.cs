using System.Numerics;
using System.Runtime.InteropServices;

namespace Hypercompress.NumberFormats.EntropyCoding;

/// <summary>Adds multiples of one run of numbers to another, several at a time.</summary>
internal static class ScaledSum
{
    /// <summary>sum += factor · values.</summary>
    /// <param name="sum">What is added to.</param>
    /// <param name="values">At least as many numbers.</param>
    /// <param name="factor">The multiple.</param>
    internal static void Add(Span<float> sum, ReadOnlySpan<float> values, float factor)
    {
        Span<Vector<float>> sums = MemoryMarshal.Cast<float, Vector<float>>(sum);
        ReadOnlySpan<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] += vectors[i] * factor;
        }

        for (int i = sums.Length * Vector<float>.Count; i < sum.Length; i++)
        {
            sum[i] += values[i] * factor;
        }
    }
}
