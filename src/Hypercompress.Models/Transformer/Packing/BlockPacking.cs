using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Kernels.Matrices;

namespace Hypercompress.Models.Transformer.Packing;

/// <summary>
/// Packs the block types of GGUF: their codes stay as they are, in another order; scales of scales are multiplied out
/// in half precision.
/// </summary>
internal static class BlockPacking
{
    private const int Group = 32;
    private const int SmallGroup = 16;
    private const int SuperBlock = 256;

    /// <summary>Packs rows.</summary>
    /// <param name="rows">The stored rows.</param>
    /// <param name="count">How many.</param>
    /// <param name="columns">Columns of the matrix.</param>
    /// <returns>The matrix; null for a type that is not multiplied as it is.</returns>
    public static PackedMatrix? Pack(StoredRows rows, int count, int columns)
    {
        GroupedCodes? codes = rows.Type switch
        {
            "Q4_0" => Of(15, 8, false, (row, code, scale, _) => Small(rows.Row(row), 0, false, code, scale, default)),
            "Q4_1" => Of(15, 0, true, (row, code, scale, low) => Small(rows.Row(row), 2, false, code, scale, low)),
            "Q5_0" => Of(31, 16, false, (row, code, scale, _) => Small(rows.Row(row), 0, true, code, scale, default)),
            "Q5_1" => Of(31, 0, true, (row, code, scale, low) => Small(rows.Row(row), 2, true, code, scale, low)),
            "Q8_0" => Of(255, 128, false, (row, code, scale, _) => Bytes(rows.Row(row), code, scale)),
            "Q4_K" => Of(15, 0, true, (row, code, scale, low) => Large(rows.Row(row), false, code, scale, low)),
            "Q5_K" => Of(31, 0, true, (row, code, scale, low) => Large(rows.Row(row), true, code, scale, low)),
            "Q6_K" => new GroupedCodes(
                count, columns, SmallGroup, 63, 32, false, (row, code, scale, _) => Six(rows.Row(row), code, scale)),
            _ => null,
        };
        return codes is null ? null : PackedMatrices.FromGroups(codes);

        GroupedCodes Of(int largest, int zero, bool hasMinimums, GroupReader read) =>
            new(count, columns, Group, largest, zero, hasMinimums, read);
    }

    // Half d, for the _1 types half m, for 5 bits a word of fifth bits, then 16 bytes of low four bits.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Small(
        ReadOnlySpan<byte> row, int minimumAt, bool hasFifth, Span<byte> codes, Span<ushort> scales,
        Span<ushort> minimums)
    {
        int codesAt = 2 + minimumAt + (hasFifth ? 4 : 0);
        int bytes = codesAt + (Group / 2);
        for (int g = 0; g < scales.Length; g++)
        {
            ReadOnlySpan<byte> block = row.Slice(g * bytes, bytes);
            scales[g] = BinaryPrimitives.ReadUInt16LittleEndian(block);
            if (minimumAt > 0)
            {
                minimums[g] = BinaryPrimitives.ReadUInt16LittleEndian(block[minimumAt..]);
            }

            uint fifth = hasFifth ? BinaryPrimitives.ReadUInt32LittleEndian(block[(codesAt - 4)..]) : 0;
            Span<byte> target = codes.Slice(g * Group, Group);
            for (int j = 0; j < Group / 2; j++)
            {
                int lower = (int)((fifth >> j) & 1) << 4;
                int upper = (int)((fifth >> (j + (Group / 2))) & 1) << 4;
                target[j] = (byte)((block[codesAt + j] & 15) | lower);
                target[j + (Group / 2)] = (byte)((block[codesAt + j] >> 4) | upper);
            }
        }
    }

    // Half d, then 32 signed bytes.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Bytes(ReadOnlySpan<byte> row, Span<byte> codes, Span<ushort> scales)
    {
        for (int g = 0; g < scales.Length; g++)
        {
            ReadOnlySpan<byte> block = row.Slice(g * (Group + 2), Group + 2);
            scales[g] = BinaryPrimitives.ReadUInt16LittleEndian(block);
            for (int j = 0; j < Group; j++)
            {
                codes[(g * Group) + j] = (byte)(block[2 + j] ^ 0x80);
            }
        }
    }

    // Half d, half dmin, 12 bytes of 6-bit scales and minimums, for Q5_K 32 bytes of fifth bits, low four bits.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Large(
        ReadOnlySpan<byte> row, bool hasFifth, Span<byte> codes, Span<ushort> scales, Span<ushort> minimums)
    {
        int bytes = hasFifth ? 176 : 144;
        for (int b = 0; b * SuperBlock < codes.Length; b++)
        {
            ReadOnlySpan<byte> block = row.Slice(b * bytes, bytes);
            ReadOnlySpan<byte> packed = block.Slice(4, 12);
            var step = (float)BinaryPrimitives.ReadHalfLittleEndian(block);
            var lowest = (float)BinaryPrimitives.ReadHalfLittleEndian(block[2..]);
            for (int g = 0; g < SuperBlock / Group; g++)
            {
                int scale = g < 4 ? packed[g] & 63 : (packed[g + 4] & 15) | ((packed[g - 4] >> 6) << 4);
                int minimum = g < 4 ? packed[g + 4] & 63 : (packed[g + 4] >> 4) | ((packed[g] >> 6) << 4);
                scales[(b * 8) + g] = Round(step * scale);
                minimums[(b * 8) + g] = Round(-lowest * minimum);
                ReadOnlySpan<byte> part = block.Slice((hasFifth ? 48 : 16) + (g / 2 * Group), Group);
                Span<byte> target = codes.Slice((b * SuperBlock) + (g * Group), Group);
                for (int j = 0; j < Group; j++)
                {
                    int fifth = hasFifth ? (block[16 + j] >> g) & 1 : 0;
                    target[j] = (byte)(((part[j] >> (g % 2 * 4)) & 15) | (fifth << 4));
                }
            }
        }
    }

    // 128 bytes of low four bits, 64 bytes of upper two, 16 signed scales, half d.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Six(ReadOnlySpan<byte> row, Span<byte> codes, Span<ushort> scales)
    {
        const int Bytes = 210;
        for (int b = 0; b * SuperBlock < codes.Length; b++)
        {
            ReadOnlySpan<byte> block = row.Slice(b * Bytes, Bytes);
            var step = (float)BinaryPrimitives.ReadHalfLittleEndian(block[208..]);
            for (int g = 0; g < SuperBlock / SmallGroup; g++)
            {
                scales[(b * SmallGroup) + g] = Round(step * (sbyte)block[192 + g]);
            }

            Span<byte> target = codes.Slice(b * SuperBlock, SuperBlock);
            for (int i = 0; i < SuperBlock; i++)
            {
                (int half, int quarter, int l) = (i / 128, i % 128 / 32, i % 32);
                int low = (block[(64 * half) + (quarter % 2 * 32) + l] >> (quarter / 2 * 4)) & 15;
                int high = (block[128 + (32 * half) + l] >> (2 * quarter)) & 3;
                target[i] = (byte)(low | (high << 4));
            }
        }
    }

    private static ushort Round(float value) => BitConverter.HalfToUInt16Bits((Half)value);
}
