using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypercompress.Models.Kernels.Floats;

/// <summary>Half precision.</summary>
internal readonly struct HalfFloats : IFloats
{
    /// <inheritdoc/>
    public static int Bytes => 2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector256<float> Load(byte* numbers, int index) => HalfBits.Widen((ushort*)numbers + index);

    /// <inheritdoc/>
    public static unsafe float Get(byte* numbers, int index) => HalfBits.Widen(((ushort*)numbers)[index]);
}
