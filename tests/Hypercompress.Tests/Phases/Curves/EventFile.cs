using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Google.Protobuf;
using Hypercompress.Phases.Curves;

namespace Hypercompress.Tests.Phases.Curves;

/// <summary>Reads event files as their format is documented, and checks every checksum.</summary>
internal static class EventFile
{
    /// <summary>The events of a file.</summary>
    public static List<ReadEvent> Read(string file)
    {
        ReadOnlySpan<byte> bytes = File.ReadAllBytes(file);
        var events = new List<ReadEvent>();
        while (bytes.Length > 0)
        {
            int length = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            Assert.Equal(Mask(bytes[..8]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]));
            ReadOnlySpan<byte> record = bytes.Slice(12, length);
            Assert.Equal(Mask(record), BinaryPrimitives.ReadUInt32LittleEndian(bytes[(12 + length)..]));
            events.Add(Parse(record.ToArray()));
            bytes = bytes[(16 + length)..];
        }

        return events;
    }

    private static uint Mask(ReadOnlySpan<byte> bytes)
    {
        uint crc = RecordFrame.Checksum(bytes);
        return unchecked(((crc >> 15) | (crc << 17)) + 0xa282ead8u);
    }

    private static ReadEvent Parse(byte[] record)
    {
        var read = new ReadEvent();
        foreach ((int field, object value) in Fields(record))
        {
            read = field switch
            {
                1 => read with { Time = BitConverter.UInt64BitsToDouble((ulong)value) },
                2 => read with { Step = (long)(ulong)value },
                3 => read with { Version = Encoding.UTF8.GetString((byte[])value) },
                5 => ParseValue(read, (byte[])Fields((byte[])value).Single().Value),
                _ => throw new InvalidDataException($"field {field} of an event"),
            };
        }

        return read;
    }

    private static ReadEvent ParseValue(ReadEvent read, byte[] message)
    {
        foreach ((int field, object value) in Fields(message))
        {
            read = field switch
            {
                1 => read with { Tag = Encoding.UTF8.GetString((byte[])value) },
                2 => read with { Scalar = BitConverter.UInt32BitsToSingle((uint)value) },
                5 => read with { Histogram = ParseHistogram((byte[])value) },
                8 => read with { Text = ParseTensor((byte[])value) },
                _ => read,
            };
        }

        return read;
    }

    private static string ParseTensor(byte[] message) =>
        Encoding.UTF8.GetString((byte[])Fields(message).Single(part => part.Field == 8).Value);

    private static ReadHistogram ParseHistogram(byte[] message)
    {
        var fields = Fields(message).ToLookup(part => part.Field, part => part.Value);
        return new ReadHistogram(
            [.. Enumerable.Range(1, 5).Select(field => BitConverter.UInt64BitsToDouble((ulong)fields[field].Single()))],
            ParseDoubles((byte[])fields[6].Single()),
            ParseDoubles((byte[])fields[7].Single()));
    }

    private static double[] ParseDoubles(byte[] packed) => MemoryMarshal.Cast<byte, double>(packed).ToArray();

    private static IEnumerable<(int Field, object Value)> Fields(byte[] message)
    {
        using var input = new CodedInputStream(message);
        for (uint tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            object value = WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.Varint => input.ReadUInt64(),
                WireFormat.WireType.Fixed64 => input.ReadFixed64(),
                WireFormat.WireType.Fixed32 => input.ReadFixed32(),
                _ => input.ReadBytes().ToByteArray(),
            };
            yield return (WireFormat.GetTagFieldNumber(tag), value);
        }
    }
}
