using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypercompress.Models.Kernels.Floats;

/// <summary>Single precision.</summary>
internal readonly struct SingleFloats : IFloats
{
    /// <inheritdoc/>
    public static int Bytes => 4;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector256<float> Load(byte* numbers, int index) => Vector256.Load((float*)numbers + index);

    /// <inheritdoc/>
    public static unsafe float Get(byte* numbers, int index) => ((float*)numbers)[index];
}
