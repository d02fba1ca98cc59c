using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hypercompress.NumberFormats.EntropyCoding.Streams;

/// <summary>
/// The tables of a model for reading many lanes at once: the code at each place of a table, a byte each, and the range
/// of each code. In two steps, since together they fit the processor's second cache where an entry for each place would
/// not, and each range is used so often that it stays in the first.
/// </summary>
internal sealed unsafe class LaneTables : IDisposable
{
    // Ranges of a table, one for every code.
    private const int CodeCount = 1 << LevelTable.CodeBits;

    private readonly byte* _codes;
    private readonly uint* _ranges;

    /// <summary>Writes the tables of a model.</summary>
    /// <param name="model">The model.</param>
    public LaneTables(LevelModel model)
    {
        // Not the collector's memory: a large array would be kept until long after the last matrix is read.
        _codes = (byte*)NativeMemory.Alloc((nuint)model.TableCount << LevelTable.Precision);
        _ranges = (uint*)NativeMemory.Alloc((nuint)model.TableCount * CodeCount, sizeof(uint));
        for (int table = 0; table < model.TableCount; table++)
        {
            model.Spread(
                table,
                new Span<byte>(_codes + (table << LevelTable.Precision), 1 << LevelTable.Precision),
                new Span<uint>(_ranges + (table * CodeCount), CodeCount));
        }
    }

    /// <summary>The range at a place, as <see cref="LevelTable.Spread(Span{byte}, Span{uint})"/>.</summary>
    /// <param name="place">The place, and above its bits the number of the table.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint At(nuint place) =>
        _ranges[((place >> (LevelTable.Precision - LevelTable.CodeBits)) & ~(nuint)(CodeCount - 1)) | _codes[place]];

    /// <summary>The same of eight places. Loads one by one take half as long as gathering them.</summary>
    /// <param name="places">The places.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<uint> At(Vector256<uint> places) =>
        Vector256.Create(At(places.GetLower().AsUInt64()), At(places.GetUpper().AsUInt64()));

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.Free(_codes);
        NativeMemory.Free(_ranges);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<uint> At(Vector128<ulong> pairs)
    {
        (ulong first, ulong second) = (pairs.GetElement(0), pairs.GetElement(1));
        return Sse2.UnpackLow(AtBoth(first).AsUInt64(), AtBoth(second).AsUInt64()).AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<uint> AtBoth(ulong pair) => Sse2.UnpackLow(
        Vector128.CreateScalarUnsafe(At((uint)pair)), Vector128.CreateScalarUnsafe(At((nuint)(pair >> 32))));
}
