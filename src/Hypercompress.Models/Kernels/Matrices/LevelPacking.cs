using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Hypercompress.Models.Kernels.Panels;

namespace Hypercompress.Models.Kernels.Matrices;

/// <summary>
/// Chooses how whole numbers are held: in the fewest of 4, 5, 6 and 8 bits that nearly all fit, else in two matrices of
/// 8 bits.
/// </summary>
internal static class LevelPacking
{
    private const int ByteZero = 128;
    private const int UpperStep = 128;

    // A correction costs as much time as some hundred codes.
    private const int CodesPerCorrection = 250;

    private static readonly ImmutableArray<int> Zeros = [8, 16, 32, ByteZero];

    /// <summary>Packs a matrix; only a block of its rows is ever there as levels.</summary>
    /// <param name="stream">The matrix.</param>
    public static PackedMatrix Pack(ILevelStream stream)
    {
        using var blocks = new LevelBlocks(stream);
        var outside = new long[Zeros.Length];
        blocks.Each((_, levels) => CountOutside(levels, outside));
        long most = (long)stream.RowFactors.Length * stream.ColumnFactors.Length / CodesPerCorrection;
        int fits = 0;
        while (fits < Zeros.Length && outside[fits] > most)
        {
            fits++;
        }

        return fits switch
        {
            0 => Fill<NibbleCodes>(stream, blocks, Zeros[0], Same),
            1 => Fill<FiveBitCodes>(stream, blocks, Zeros[1], Same),
            2 => Fill<SixBitCodes>(stream, blocks, Zeros[2], Same),
            3 => Fill<ByteCodes>(stream, blocks, ByteZero, Same),
            _ => Split(stream, blocks),
        };
    }

    private static int Same(int level) => level;

    // level = 128 · upper + lower, with lower from −64 to 63.
    private static int Upper(int level) => (level + (UpperStep / 2)) >> 7;

    private static int Lower(int level) => level - (Upper(level) * UpperStep);

    private static SumMatrix Split(ILevelStream stream, LevelBlocks blocks) => new(
        [
            Fill<ByteCodes>(stream, blocks, ByteZero, Upper, UpperStep),
            Fill<ByteCodes>(stream, blocks, ByteZero, Lower),
        ]);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CountOutside(ReadOnlySpan<short> levels, long[] outside)
    {
        Span<long> counts = stackalloc long[Zeros.Length];
        counts.Clear();
        ReadOnlySpan<Vector256<short>> vectors = MemoryMarshal.Cast<short, Vector256<short>>(levels);
        for (int i = 0; i < vectors.Length; i++)
        {
            // How far from zero, on the side that has one number less counted one further.
            Vector256<short> sizes = vectors[i] ^ (vectors[i] >> 15);
            for (int k = 0; k < counts.Length; k++)
            {
                uint beyond = Vector256.GreaterThan(sizes, Vector256.Create((short)(Zeros[k] - 1)))
                    .ExtractMostSignificantBits();
                if (beyond == 0)
                {
                    break;
                }

                counts[k] += uint.PopCount(beyond);
            }
        }

        foreach (short level in levels[(vectors.Length * Vector256<short>.Count)..])
        {
            for (int k = 0; k < counts.Length && (level ^ (level >> 15)) >= Zeros[k]; k++)
            {
                counts[k]++;
            }
        }

        for (int k = 0; k < counts.Length; k++)
        {
            Interlocked.Add(ref outside[k], counts[k]);
        }
    }

    private static CodeMatrix<TCodes, RowScales> Fill<TCodes>(
        ILevelStream stream, LevelBlocks blocks, int zero, Func<int, int> part, float scale = 1)
        where TCodes : struct, ICodes
    {
        ImmutableArray<float> factors = stream.RowFactors;
        int columns = stream.ColumnFactors.Length;
        var matrix = new CodeMatrix<TCodes, RowScales>(
            factors.Length, columns, zero, 0,
            scale == 1 ? factors.AsSpan() : [.. factors.Select(factor => factor * scale)],
            stream.ColumnFactors.AsSpan());
        var rests = new ConcurrentDictionary<int, List<(int Row, int Column, int Missing)>>();
        blocks.Each((firstRow, levels) =>
        {
            List<(int Row, int Column, int Missing)> ofBlock = [];
            var codes = new byte[columns + Vector256<byte>.Count];
            for (int row = 0; row < levels.Length / columns; row++)
            {
                ReadOnlySpan<short> ofRow = levels.Slice(row * columns, columns);
                if (part != Same || !ToCodes(ofRow, zero, codes))
                {
                    ToCodes(ofRow, zero, part, codes, firstRow + row, ofBlock);
                }

                matrix.PutRow(firstRow + row, codes.AsSpan(0, columns));
            }

            rests[firstRow] = ofBlock;
        });
        (int, int, int)[] all = [.. rests.OrderBy(block => block.Key).SelectMany(block => block.Value)];
        matrix.Corrections = all.Length == 0 ? null : new Corrections(factors.Length, all);
        return matrix;
    }

    // False where a level does not fit.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool ToCodes(ReadOnlySpan<short> levels, int zero, Span<byte> codes)
    {
        int i = 0;
        Vector256<short> beyond = Vector256<short>.Zero;
        var offset = Vector256.Create((short)zero);
        for (; i + Vector256<byte>.Count <= levels.Length; i += Vector256<byte>.Count)
        {
            Vector256<short> low = Vector256.Create(levels[i..]) + offset;
            Vector256<short> high = Vector256.Create(levels[(i + Vector256<short>.Count)..]) + offset;
            beyond |= (low | high) & Vector256.Create((short)~((2 * zero) - 1));
            Vector256.Narrow(low.AsUInt16(), high.AsUInt16()).CopyTo(codes[i..]);
        }

        bool fits = beyond == Vector256<short>.Zero;
        for (; i < levels.Length; i++)
        {
            int code = levels[i] + zero;
            fits &= (uint)code < (uint)(2 * zero);
            codes[i] = (byte)code;
        }

        return fits;
    }

    private static void ToCodes(
        ReadOnlySpan<short> levels, int zero, Func<int, int> part, Span<byte> codes, int row,
        List<(int Row, int Column, int Missing)> rests)
    {
        for (int column = 0; column < levels.Length; column++)
        {
            int level = part(levels[column]);
            int held = int.Clamp(level, -zero, zero - 1);
            codes[column] = (byte)(held + zero);
            if (held != level)
            {
                rests.Add((row, column, level - held));
            }
        }
    }
}
