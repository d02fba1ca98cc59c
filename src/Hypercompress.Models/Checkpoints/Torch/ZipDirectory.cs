using System.Buffers.Binary;

namespace Hypercompress.Models.Checkpoints.Torch;

/// <summary>Reads how many entries a zip archive says it has, before anything is made for each of them.</summary>
internal static class ZipDirectory
{
    private const int EndBytes = 22;
    private const int LongestComment = ushort.MaxValue;
    private const int LocatorBytes = 20;
    private const int CountAt = 10;
    private const int LargeCountAt = 32;
    private const int LargeEndBytes = 56;

    /// <summary>Counts the entries.</summary>
    /// <param name="stream">The archive; its position is changed.</param>
    /// <returns>The count that its directory states, as 64 bits with sign; 0 where there is no directory.</returns>
    public static long CountEntries(FileStream stream)
    {
        int length = (int)long.Min(stream.Length, EndBytes + LongestComment);
        byte[] tail = new byte[length];
        stream.Position = stream.Length - length;
        stream.ReadExactly(tail);
        int end = tail.AsSpan().LastIndexOf("PK\x05\x06"u8);
        stream.Position = 0;
        if (end < 0 || end + EndBytes > length)
        {
            return 0;
        }

        ushort count = BinaryPrimitives.ReadUInt16LittleEndian(tail.AsSpan(end + CountAt));
        return count == ushort.MaxValue ? CountLarge(stream, tail, end) ?? count : count;
    }

    /// <summary>The count of the larger form, whose place a record before the end states.</summary>
    private static long? CountLarge(FileStream stream, byte[] tail, int end)
    {
        if (end < LocatorBytes || !tail.AsSpan(end - LocatorBytes).StartsWith("PK\x06\x07"u8))
        {
            return null;
        }

        long at = BinaryPrimitives.ReadInt64LittleEndian(tail.AsSpan(end - LocatorBytes + 8));
        if (at < 0 || at > stream.Length - LargeEndBytes)
        {
            return null;
        }

        Span<byte> record = stackalloc byte[LargeEndBytes];
        stream.Position = at;
        stream.ReadExactly(record);
        stream.Position = 0;
        long count = BinaryPrimitives.ReadInt64LittleEndian(record[LargeCountAt..]);
        return count is >= 0 and <= int.MaxValue ? count : int.MaxValue;
    }
}
