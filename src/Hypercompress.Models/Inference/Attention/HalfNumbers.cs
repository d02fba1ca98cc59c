using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypercompress.Models.Kernels.Floats;

namespace Hypercompress.Models.Inference.Attention;

/// <summary>Half precision.</summary>
internal readonly unsafe struct HalfNumbers : ICacheNumbers
{
    /// <inheritdoc/>
    public static int Bytes => 2;

    /// <inheritdoc/>
    public static bool HasScale => false;

    /// <inheritdoc/>
    public static float Step(float* numbers, int count) => 1;

    /// <inheritdoc/>
    public static void Put(byte* start, int index, float number, float step) =>
        ((ushort*)start)[index] = HalfBits.Round(number);

    /// <inheritdoc/>
    public static float Get(byte* start, int index) => HalfBits.Widen(((ushort*)start)[index]);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(byte* start, int index) => HalfBits.Widen((ushort*)start + index);
}
