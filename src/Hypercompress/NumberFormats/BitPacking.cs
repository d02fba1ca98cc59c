using static TorchSharp.torch;

namespace Hypercompress.NumberFormats;

/// <summary>
/// Codes of 1–8 bits as a stream of bits: code i of a row takes the bits i·b … (i+1)·b−1, counted from the lowest bit
/// of the row's first byte. Each row starts at a byte; the bits that are left over at its end are zero.
/// </summary>
internal static class BitPacking
{
    // A span addresses less than 2 GiB; one row never comes near it.
    private const long SpanBytes = 1 << 28;

    /// <summary>Bytes of a row of codes.</summary>
    internal static long RowBytes(long columns, int bits) => ((columns * bits) + 7) / 8;

    /// <summary>
    /// Packs uint8 [rows, columns], contiguous on the CPU, into uint8 [rows, <see cref="RowBytes"/>].
    /// </summary>
    internal static Tensor Pack(Tensor codes, int bits)
    {
        (long rows, long columns) = (codes.shape[0], codes.shape[1]);
        var packed = zeros(rows, RowBytes(columns, bits), dtype: ScalarType.Byte);
        ForEachRow(codes, packed, (row, bytes) => PackRow(row, bytes, bits));
        return packed;
    }

    /// <summary>
    /// Unpacks uint8 [rows, <see cref="RowBytes"/>], contiguous on the CPU, into uint8 [rows, columns].
    /// </summary>
    internal static Tensor Unpack(Tensor packed, long columns, int bits)
    {
        var codes = zeros(packed.shape[0], columns, dtype: ScalarType.Byte);
        ForEachRow(codes, packed, (row, bytes) => UnpackRow(bytes, row, bits));
        return codes;
    }

    private static void ForEachRow(Tensor codes, Tensor packed, Action<Span<byte>, Span<byte>> convert)
    {
        (long rows, int width, int bytes) = (codes.shape[0], (int)codes.shape[1], (int)packed.shape[1]);
        long step = long.Max(1, SpanBytes / int.Max(1, width));
        for (long first = 0; first < rows; first += step)
        {
            int count = (int)long.Min(step, rows - first);
            using var someCodes = codes.narrow(0, first, count);
            using var somePacked = packed.narrow(0, first, count);
            Span<byte> from = someCodes.bytes;
            Span<byte> to = somePacked.bytes;
            for (int row = 0; row < count; row++)
            {
                convert(from.Slice(row * width, width), to.Slice(row * bytes, bytes));
            }
        }
    }

    private static void PackRow(ReadOnlySpan<byte> codes, Span<byte> packed, int bits)
    {
        if (bits == 8)
        {
            codes.CopyTo(packed);
            return;
        }

        (uint pending, int filled, int next) = (0, 0, 0);
        foreach (byte code in codes)
        {
            pending |= (uint)code << filled;
            filled += bits;
            if (filled >= 8)
            {
                packed[next++] = (byte)pending;
                pending >>= 8;
                filled -= 8;
            }
        }

        if (filled > 0)
        {
            packed[next] = (byte)pending;
        }
    }

    private static void UnpackRow(ReadOnlySpan<byte> packed, Span<byte> codes, int bits)
    {
        if (bits == 8)
        {
            packed.CopyTo(codes);
            return;
        }

        uint mask = (1u << bits) - 1;
        (uint pending, int filled, int next) = (0, 0, 0);
        for (int i = 0; i < codes.Length; i++)
        {
            if (filled < bits)
            {
                pending |= (uint)packed[next++] << filled;
                filled += 8;
            }

            codes[i] = (byte)(pending & mask);
            pending >>= bits;
            filled -= bits;
        }
    }
}
