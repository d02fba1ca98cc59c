using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypercompress.Models.Inference.Attention;

/// <summary>Single precision, for the time of a pass.</summary>
internal readonly unsafe struct SingleNumbers : ICacheNumbers
{
    /// <inheritdoc/>
    public static int Bytes => 4;

    /// <inheritdoc/>
    public static bool HasScale => false;

    /// <inheritdoc/>
    public static float Step(float* numbers, int count) => 1;

    /// <inheritdoc/>
    public static void Put(byte* start, int index, float number, float step) => ((float*)start)[index] = number;

    /// <inheritdoc/>
    public static float Get(byte* start, int index) => ((float*)start)[index];

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(byte* start, int index) => Vector256.Load((float*)start + index);
}
