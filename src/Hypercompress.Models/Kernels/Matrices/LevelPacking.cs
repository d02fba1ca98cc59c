using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Hypercompress.Models.Kernels.Panels;

namespace Hypercompress.Models.Kernels.Matrices;

/// <summary>
/// Chooses how whole numbers are held: in 4, 5, 6 or 8 bits (of which 7 or all are used), with corrections for those
/// that do not fit, or in two matrices of 8 bits; levels of a trellis perhaps as its steps, in a bit less.
/// </summary>
internal static class LevelPacking
{
    // What a correction counts in bits where speed matters: reading so many takes as long.
    private const int QuickCorrectionBits = 100;

    // The same where memory matters: little more than the 16 bits that it takes.
    private const int SmallCorrectionBits = 24;

    private const int ByteZero = 128;
    private const int UpperStep = 128;
    private const int SplitBits = 16;

    // Chosen in place of a code of zero: two matrices of 8 bits.
    private const int InTwo = 0;

    private static readonly ImmutableArray<int> Zeros = [8, 16, 32, SevenBitCodes.Zero, ByteZero];

    /// <summary>Packs a matrix; only some blocks of its rows are ever there as levels.</summary>
    /// <param name="stream">The matrix.</param>
    /// <param name="asSteps">
    /// Whether levels of a trellis are held as steps, which take a bit less each and are walked whenever they are
    /// multiplied.
    /// </param>
    public static PackedMatrix Pack(ILevelStream stream, bool asSteps)
    {
        int correctionBits = asSteps ? SmallCorrectionBits : QuickCorrectionBits;
        using var blocks = new LevelBlocks(stream);
        bool holdsSteps = asSteps && stream.FollowsTrellis;
        var outside = new long[Zeros.Length];
        CountOutside(blocks.First, outside);

        // What is best for the first block is nearly always best for all, so that no other is decoded twice.
        int guess = Best(blocks.First.Length);
        PackedMatrix packed = Fill(stream, guess, holdsSteps, blocks, CountOther);
        int best = Best((long)stream.RowFactors.Length * stream.ColumnFactors.Length);
        if (best == guess)
        {
            return packed;
        }

        packed.Dispose();
        return Fill(stream, best, holdsSteps, blocks, null);

        void CountOther(int firstRow, ReadOnlySpan<short> levels)
        {
            if (firstRow > 0)
            {
                CountOutside(levels, outside);
            }
        }

        int Best(long count)
        {
            (int best, long fewest) = (InTwo, (count * SplitBits) + 1);
            for (int width = 0; width < Zeros.Length; width++)
            {
                long bits = (count * BitsOf(Zeros[width], holdsSteps)) + (correctionBits * outside[width]);
                (best, fewest) = bits < fewest ? (Zeros[width], bits) : (best, fewest);
            }

            return best;
        }
    }

    // Steps have a bit less than levels. Without them seven bits take a byte, which needs no unpacking, and all eight
    // bits of a byte, which take longer to multiply, count as one more.
    private static int BitsOf(int zero, bool holdsSteps)
    {
        int bits = int.Log2(zero) + 1;
        if (holdsSteps)
        {
            return zero < ByteZero ? bits - 1 : bits;
        }

        return zero < SevenBitCodes.Zero ? bits : bits + 1;
    }

    private static PanelMatrix Choose(ILevelStream stream, int zero, bool holdsSteps) =>
        (holdsSteps, zero) switch
        {
            (true, 8) => Steps<ThreeBitCodes, NibbleCodes>(stream),
            (true, 16) => Steps<NibbleCodes, FiveBitCodes>(stream),
            (true, 32) => Steps<FiveBitCodes, SixBitCodes>(stream),
            (true, 64) => Steps<SixBitCodes, SevenBitCodes>(stream),
            (_, 8) => Codes<NibbleCodes>(stream, zero),
            (_, 16) => Codes<FiveBitCodes>(stream, zero),
            (_, 32) => Codes<SixBitCodes>(stream, zero),
            (_, SevenBitCodes.Zero) => Codes<SevenBitCodes>(stream, zero),
            _ => Codes<ByteCodes>(stream, zero),
        };

    private static TrellisMatrix<TSteps, TLevels> Steps<TSteps, TLevels>(ILevelStream stream)
        where TSteps : struct, IStepCodes
        where TLevels : struct, ICodes =>
        new(stream.BlockRows, stream.RowFactors.AsSpan(), stream.ColumnFactors.AsSpan());

    private static CodeMatrix<TCodes, RowScales> Codes<TCodes>(ILevelStream stream, int zero, float scale = 1)
        where TCodes : struct, ICodes
    {
        ImmutableArray<float> factors = stream.RowFactors;
        return new CodeMatrix<TCodes, RowScales>(
            factors.Length, stream.ColumnFactors.Length, zero, 0,
            scale == 1 ? factors.AsSpan() : [.. factors.Select(factor => factor * scale)],
            stream.ColumnFactors.AsSpan());
    }

    // level = 128 · upper + lower, with lower from −64 to 63.
    private static int Upper(int level) => (level + (UpperStep / 2)) >> 7;

    private static int Lower(int level) => level - (Upper(level) * UpperStep);

    private static PackedMatrix Fill(
        ILevelStream stream, int zero, bool holdsSteps, LevelBlocks blocks, LevelBlocks.Taker? count)
    {
        if (zero != InTwo)
        {
            return Fill(Choose(stream, zero, holdsSteps), zero, blocks, null, count);
        }

        return new SumMatrix(
            [
                Fill(Codes<ByteCodes>(stream, ByteZero, UpperStep), ByteZero, blocks, Upper, count),
                Fill(Codes<ByteCodes>(stream, ByteZero), ByteZero, blocks, Lower, null),
            ]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CountOutside(ReadOnlySpan<short> levels, long[] outside)
    {
        Span<long> counts = stackalloc long[Zeros.Length];
        counts.Clear();
        ReadOnlySpan<Vector256<short>> vectors = MemoryMarshal.Cast<short, Vector256<short>>(levels);
        for (int i = 0; i < vectors.Length; i++)
        {
            // Magnitudes, of negative levels one less: codes reach one farther below zero than above.
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

    // "part" gives the part of each level that this matrix holds; null for all of it.
    private static PanelMatrix Fill(
        PanelMatrix matrix, int zero, LevelBlocks blocks, Func<int, int>? part, LevelBlocks.Taker? count)
    {
        int columns = matrix.Columns;
        var lacking = new ConcurrentDictionary<int, CorrectionPanels>();
        blocks.Each((firstRow, levels) =>
        {
            count?.Invoke(firstRow, levels);
            var corrections = new CorrectionPanels(2 * zero);
            var codes = new byte[columns];
            var parts = new short[part is null ? 0 : columns];
            for (int row = 0; row < levels.Length / columns; row++)
            {
                ReadOnlySpan<short> ofRow = levels.Slice(row * columns, columns);
                ToCodes(part is null ? ofRow : Parts(ofRow, part, parts), zero, codes, corrections);
                matrix.PutRow(firstRow + row, codes);
                corrections.EndRow();
            }

            corrections.End();
            lacking[firstRow] = corrections;
        });
        matrix.Corrections = lacking.Values.All(block => block.Corrections.Count == 0)
            ? null
            : new Corrections(2 * zero, [.. lacking.OrderBy(block => block.Key).Select(block => block.Value)]);
        return matrix;
    }

    private static short[] Parts(ReadOnlySpan<short> levels, Func<int, int> part, short[] parts)
    {
        for (int column = 0; column < levels.Length; column++)
        {
            parts[column] = (short)part(levels[column]);
        }

        return parts;
    }

    // Of a level that does not fit its lowest bits are held, so that the parities of a trellis stay right.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ToCodes(ReadOnlySpan<short> levels, int zero, Span<byte> codes, CorrectionPanels corrections)
    {
        int i = 0;
        var offset = Vector256.Create((short)zero);
        var largest = Vector256.Create((short)((2 * zero) - 1));
        for (; i + Vector256<byte>.Count <= levels.Length; i += Vector256<byte>.Count)
        {
            Vector256<short> low = Vector256.Create(levels[i..]) + offset;
            Vector256<short> high = Vector256.Create(levels[(i + Vector256<short>.Count)..]) + offset;
            Vector256.Narrow((low & largest).AsUInt16(), (high & largest).AsUInt16()).CopyTo(codes[i..]);
            if (((low | high) & ~largest) != Vector256<short>.Zero)
            {
                uint fitting = Vector256.Equals(low & ~largest, Vector256<short>.Zero).ExtractMostSignificantBits()
                    | (Vector256.Equals(high & ~largest, Vector256<short>.Zero).ExtractMostSignificantBits()
                        << Vector256<short>.Count);
                for (uint beyond = ~fitting; beyond != 0; beyond &= beyond - 1)
                {
                    int column = i + BitOperations.TrailingZeroCount(beyond);
                    corrections.Add(column, levels[column], Missing(levels[column], zero));
                }
            }
        }

        for (; i < levels.Length; i++)
        {
            int missing = Missing(levels[i], zero);
            codes[i] = (byte)(levels[i] - missing + zero);
            if (missing != 0)
            {
                corrections.Add(i, levels[i], missing);
            }
        }
    }

    private static int Missing(int level, int zero) => level - ((level + zero) & ((2 * zero) - 1)) + zero;
}
