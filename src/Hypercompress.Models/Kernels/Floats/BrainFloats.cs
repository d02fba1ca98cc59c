using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypercompress.Models.Kernels.Floats;

/// <summary>bfloat16.</summary>
internal readonly struct BrainFloats : IFloats
{
    /// <inheritdoc/>
    public static int Bytes => 2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector256<float> Load(byte* numbers, int index) =>
        HalfBits.WidenBrain((ushort*)numbers + index);

    /// <inheritdoc/>
    public static unsafe float Get(byte* numbers, int index) =>
        BitConverter.UInt32BitsToSingle((uint)((ushort*)numbers)[index] << 16);
}
