using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Hypercompress.Forms;

/// <summary>
/// The places that a <see cref="SparsePattern"/> keeps, as one number per group: the rank of the chosen places among
/// all choices in colexicographic order, Σ C(c_i, i) over the i-th chosen place c_i. A row is a stream of these
/// numbers, lowest bit first, and starts at a byte.
/// </summary>
internal static class GroupIndices
{
    /// <summary>Bytes of a row.</summary>
    internal static long RowBytes(SparsePattern pattern, long columns) => (pattern.RowBits(columns) + 7) / 8;

    /// <summary>Packs bool [rows, columns], contiguous on the CPU, into uint8 [rows, bytes].</summary>
    /// <exception cref="ArgumentException">A group does not keep as many places as the pattern says.</exception>
    internal static Tensor Pack(Tensor mask, SparsePattern pattern)
    {
        (int rows, int columns, int bytes) =
            ((int)mask.shape[0], (int)mask.shape[1], (int)RowBytes(pattern, mask.shape[1]));
        Tensor packed = zeros(rows, bytes, dtype: ScalarType.Byte);
        Span<bool> from = MemoryMarshal.Cast<byte, bool>(mask.bytes);
        Span<byte> to = packed.bytes;
        for (int row = 0; row < rows; row++)
        {
            if (!PackRow(from.Slice(row * columns, columns), pattern, to.Slice(row * bytes, bytes)))
            {
                packed.Dispose();
                throw new ArgumentException(
                    $"row {row} of the mask does not follow the pattern {pattern}", nameof(mask));
            }
        }

        return packed;
    }

    /// <summary>Unpacks what <see cref="Pack"/> wrote.</summary>
    /// <returns>bool [rows, columns], or null where a number is none of a choice or spare bits are set.</returns>
    internal static Tensor? Unpack(Tensor packed, long columns, SparsePattern pattern)
    {
        (int rows, int bytes) = ((int)packed.shape[0], (int)packed.shape[1]);
        Tensor mask = zeros(rows, columns, dtype: ScalarType.Bool);
        Span<byte> from = packed.bytes;
        Span<bool> to = MemoryMarshal.Cast<byte, bool>(mask.bytes);
        for (int row = 0; row < rows; row++)
        {
            if (!UnpackRow(from.Slice(row * bytes, bytes), pattern, to.Slice(row * (int)columns, (int)columns)))
            {
                mask.Dispose();
                return null;
            }
        }

        return mask;
    }

    private static bool PackRow(ReadOnlySpan<bool> mask, SparsePattern pattern, Span<byte> packed)
    {
        int at = 0;
        for (int start = 0; start < mask.Length; start += pattern.Group)
        {
            ReadOnlySpan<bool> group = mask[start..int.Min(start + pattern.Group, mask.Length)];
            (int chosen, long rank) = (0, 0);
            for (int place = 0; place < group.Length; place++)
            {
                rank += group[place] ? SparsePattern.Binomial(place, ++chosen) : 0;
            }

            if (chosen != int.Min(pattern.Kept, group.Length))
            {
                return false;
            }

            for (int bits = pattern.GroupBits(group.Length); bits > 0; bits--, rank >>= 1, at++)
            {
                packed[at / 8] |= (byte)((rank & 1) << (at % 8));
            }
        }

        return true;
    }

    private static bool UnpackRow(ReadOnlySpan<byte> packed, SparsePattern pattern, Span<bool> mask)
    {
        int at = 0;
        for (int start = 0; start < mask.Length; start += pattern.Group)
        {
            Span<bool> group = mask[start..int.Min(start + pattern.Group, mask.Length)];
            int bits = pattern.GroupBits(group.Length);
            long rank = Read(packed, at, bits);
            if (rank >= pattern.Choices(group.Length))
            {
                return false;
            }

            Choose(group, int.Min(pattern.Kept, group.Length), rank);
            at += bits;
        }

        return Read(packed, at, (8 * packed.Length) - at) == 0;
    }

    private static long Read(ReadOnlySpan<byte> packed, int at, int bits)
    {
        long number = 0;
        for (int i = 0; i < bits; i++, at++)
        {
            number |= (long)((packed[at / 8] >> (at % 8)) & 1) << i;
        }

        return number;
    }

    private static void Choose(Span<bool> group, int chosen, long rank)
    {
        for (int place = group.Length - 1; chosen > 0; place--)
        {
            long below = SparsePattern.Binomial(place, chosen);
            if (rank >= below)
            {
                group[place] = true;
                rank -= below;
                chosen--;
            }
        }
    }
}
