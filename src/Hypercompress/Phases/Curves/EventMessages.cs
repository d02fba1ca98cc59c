using System.Collections.Immutable;
using Google.Protobuf;

namespace Hypercompress.Phases.Curves;

/// <summary>The messages of TensorBoard's event files, in protocol buffers.</summary>
internal static class EventMessages
{
    private const string FileVersion = "brain.Event:2";
    private const int TextType = 7;

    /// <summary>The first message of a file.</summary>
    /// <param name="time">Seconds since 1970.</param>
    public static byte[] Version(double time) => Message(output =>
    {
        Double(output, 1, time);
        Bytes(output, 3, ByteString.CopyFromUtf8(FileVersion));
    });

    /// <summary>One point of a curve.</summary>
    /// <param name="time">Seconds since 1970.</param>
    /// <param name="step">Its place on the horizontal axis.</param>
    /// <param name="tag">Name of the curve; a slash divides it into a group and a name.</param>
    /// <param name="value">The value.</param>
    public static byte[] Scalar(double time, long step, string tag, double value) => Event(time, step, output =>
    {
        Bytes(output, 1, ByteString.CopyFromUtf8(tag));
        output.WriteTag(2, WireFormat.WireType.Fixed32);
        output.WriteFloat((float)value);
    });

    /// <summary>One distribution of a series.</summary>
    /// <param name="time">Seconds since 1970.</param>
    /// <param name="step">Its place in the series.</param>
    /// <param name="tag">Name of the series; a slash divides it into a group and a name.</param>
    /// <param name="histogram">The distribution.</param>
    public static byte[] Histogram(double time, long step, string tag, Histogram histogram) =>
        Event(time, step, output =>
        {
            Bytes(output, 1, ByteString.CopyFromUtf8(tag));
            Bytes(output, 5, Message(proto =>
            {
                Double(proto, 1, histogram.Minimum);
                Double(proto, 2, histogram.Maximum);
                Double(proto, 3, histogram.Counts.Sum());
                Double(proto, 4, histogram.Sum);
                Double(proto, 5, histogram.SumOfSquares);
                Doubles(proto, 6, histogram.Limits);
                Doubles(proto, 7, histogram.Counts);
            }));
        });

    /// <summary>A text.</summary>
    /// <param name="time">Seconds since 1970.</param>
    /// <param name="step">Its place among the texts of the same tag.</param>
    /// <param name="tag">Name of the series of texts.</param>
    /// <param name="text">The text; Markdown.</param>
    public static byte[] Text(double time, long step, string tag, string text) => Event(time, step, output =>
    {
        Bytes(output, 1, ByteString.CopyFromUtf8(tag));
        Bytes(output, 8, Message(tensor =>
        {
            Number(tensor, 1, TextType);
            Bytes(tensor, 2, Message(shape => Bytes(shape, 2, Message(dimension => Number(dimension, 1, 1)))));
            Bytes(tensor, 8, ByteString.CopyFromUtf8(text));
        }));
        Bytes(output, 9, Message(metadata => Bytes(
            metadata, 1, Message(plugin => Bytes(plugin, 1, ByteString.CopyFromUtf8("text"))))));
    });

    private static byte[] Event(double time, long step, Action<CodedOutputStream> value) => Message(output =>
    {
        Double(output, 1, time);
        Number(output, 2, step);
        Bytes(output, 5, Message(summary => Bytes(summary, 1, Message(value))));
    });

    private static void Double(CodedOutputStream output, int field, double value)
    {
        output.WriteTag(field, WireFormat.WireType.Fixed64);
        output.WriteDouble(value);
    }

    private static void Doubles(CodedOutputStream output, int field, ImmutableArray<double> values)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteLength(values.Length * sizeof(double));
        foreach (double value in values)
        {
            output.WriteDouble(value);
        }
    }

    private static void Number(CodedOutputStream output, int field, long value)
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt64(value);
    }

    private static void Bytes(CodedOutputStream output, int field, byte[] value) =>
        Bytes(output, field, ByteString.CopyFrom(value));

    private static void Bytes(CodedOutputStream output, int field, ByteString value)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(value);
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            write(output);
        }

        return stream.ToArray();
    }
}
