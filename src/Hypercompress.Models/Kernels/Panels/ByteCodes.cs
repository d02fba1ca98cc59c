using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypercompress.Models.Kernels.Panels;

/// <summary>Codes 0 to 255, a byte each.</summary>
internal readonly struct ByteCodes : ICodes
{
    private const int VectorBytes = 32;

    /// <inheritdoc/>
    public static int BlockBytes => 256;

    /// <inheritdoc/>
    public static int Largest => 255;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector256<byte> Load(byte* block, int vector) =>
        Vector256.Load(block + (vector * VectorBytes));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Put(byte* block, int row, int column, int code) =>
        block[Place(row, column)] = (byte)code;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void PutRow(byte* block, int row, byte* codes)
    {
        for (int word = 0; word < PanelShape.Columns / sizeof(uint); word++)
        {
            *(uint*)(block + (word * VectorBytes) + (row * sizeof(uint))) = ((uint*)codes)[word];
        }
    }

    /// <inheritdoc/>
    public static unsafe int Get(byte* block, int row, int column) => block[Place(row, column)];

    private static int Place(int row, int column) => (column / 4 * VectorBytes) + (row * 4) + (column % 4);
}
