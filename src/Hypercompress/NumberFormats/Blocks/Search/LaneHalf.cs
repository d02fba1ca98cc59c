using System.Numerics;

namespace Hypercompress.NumberFormats.Blocks.Search;

/// <summary>Rounds several numbers to half precision.</summary>
internal static class LaneHalf
{
    /// <summary>The nearest numbers in half precision.</summary>
    /// <param name="numbers">Numbers within its range.</param>
    public static Vector<float> Round(Vector<float> numbers)
    {
        Span<float> rounded = stackalloc float[Vector<float>.Count];
        numbers.CopyTo(rounded);
        for (int lane = 0; lane < rounded.Length; lane++)
        {
            rounded[lane] = (float)(Half)rounded[lane];
        }

        return new Vector<float>(rounded);
    }
}
