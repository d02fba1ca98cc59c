using System.Buffers.Binary;
using System.Numerics;

namespace Hypercompress.Phases.Curves;

/// <summary>
/// The frame around each record of a TFRecord file: its length as a little-endian uint64, the masked CRC-32C of these
/// eight bytes, the record, the masked CRC-32C of the record.
/// </summary>
internal static class RecordFrame
{
    private const uint MaskDelta = 0xa282ead8;

    /// <summary>Puts a record into its frame.</summary>
    /// <param name="record">The record.</param>
    /// <returns>The bytes of the file.</returns>
    public static byte[] Around(ReadOnlySpan<byte> record)
    {
        byte[] framed = new byte[record.Length + 16];
        BinaryPrimitives.WriteUInt64LittleEndian(framed, (ulong)record.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(framed.AsSpan(8), MaskedChecksum(framed.AsSpan(0, 8)));
        record.CopyTo(framed.AsSpan(12));
        BinaryPrimitives.WriteUInt32LittleEndian(framed.AsSpan(12 + record.Length), MaskedChecksum(record));
        return framed;
    }

    /// <summary>CRC-32C (Castagnoli).</summary>
    /// <param name="data">The bytes.</param>
    internal static uint Checksum(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in data)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }

    private static uint MaskedChecksum(ReadOnlySpan<byte> data) =>
        unchecked(BitOperations.RotateRight(Checksum(data), 15) + MaskDelta);
}
