using System.Text;
using Hypercompress.Models.Files;
using static TorchSharp.torch;

namespace Hypercompress.Models.Checkpoints.Gguf;

/// <summary>Writes GGUF files of version 3, one tensor in memory at a time.</summary>
internal static class GgufWriter
{
    private const uint Version = 3;
    private const int Alignment = 32;
    private const int LongestName = 63;
    private const int MostDimensions = 4;

    /// <summary>Writes a file; it appears, whole, under its name when all is written.</summary>
    /// <param name="path">The file; replaced when it exists.</param>
    /// <param name="metadata">
    /// Values by key, in the order in which they are written: <see cref="bool"/>, <see cref="int"/>,
    /// <see cref="uint"/>, <see cref="ulong"/>, <see cref="float"/>, <see cref="string"/>, or an array of one of these
    /// with at least one item.
    /// </param>
    /// <param name="tensors">What is to be written, in order.</param>
    /// <returns>Bytes of the tensors' data, head and padding not counted.</returns>
    /// <exception cref="ArgumentException">
    /// A name is too long or used twice, rows are not a whole number of blocks, or a value is of another kind.
    /// </exception>
    /// <exception cref="InvalidOperationException">A tensor was made with another shape than declared.</exception>
    public static long Write(
        string path,
        IReadOnlyList<KeyValuePair<string, object>> metadata,
        IReadOnlyList<GgufTensorToWrite> tensors)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(tensors);
        Check(tensors);
        byte[] head = Head(metadata, tensors);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(head);
            foreach (GgufTensorToWrite tensor in tensors)
            {
                WriteTensor(tensor, stream);
            }
        });
        return tensors.Sum(tensor => tensor.ByteLength);
    }

    private static void Check(IReadOnlyList<GgufTensorToWrite> tensors)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (GgufTensorToWrite tensor in tensors)
        {
            int block = GgmlEncoding.Of(tensor.Type).BlockElements;
            if (!names.Add(tensor.Name) || Encoding.UTF8.GetByteCount(tensor.Name) > LongestName)
            {
                throw new ArgumentException($"the name '{tensor.Name}' is too long or used twice", nameof(tensors));
            }

            if (tensor.Shape.Length is 0 or > MostDimensions || tensor.Shape[^1] % block != 0)
            {
                throw new ArgumentException(
                    $"tensor '{tensor.Name}' [{string.Join(", ", tensor.Shape)}] can not be stored "
                        + $"in blocks of {block}",
                    nameof(tensors));
            }
        }
    }

    private static byte[] Head(
        IReadOnlyList<KeyValuePair<string, object>> metadata, IReadOnlyList<GgufTensorToWrite> tensors)
    {
        using var buffer = new MemoryStream();
        using var writer = new BinaryWriter(buffer);
        writer.Write("GGUF"u8);
        writer.Write(Version);
        writer.Write((ulong)tensors.Count);
        writer.Write((ulong)metadata.Count);
        foreach ((string key, object value) in metadata)
        {
            WriteText(writer, key);
            GgufValueType type = TypeOf(value, key);
            writer.Write((uint)type);
            WriteValue(writer, value, key);
        }

        long position = 0;
        foreach (GgufTensorToWrite tensor in tensors)
        {
            WriteInfo(writer, tensor, position);
            position += Padded(tensor.ByteLength);
        }

        writer.Flush();
        writer.Write(new byte[Padded(buffer.Length) - buffer.Length]);
        return buffer.ToArray();
    }

    private static void WriteInfo(BinaryWriter writer, GgufTensorToWrite tensor, long position)
    {
        WriteText(writer, tensor.Name);
        writer.Write((uint)tensor.Shape.Length);
        foreach (long size in tensor.Shape.Reverse())
        {
            writer.Write((ulong)size);
        }

        writer.Write((uint)tensor.Type);
        writer.Write((ulong)position);
    }

    private static void WriteTensor(GgufTensorToWrite tensor, Stream stream)
    {
        using Tensor values = tensor.Produce();
        bool fits = tensor.HasBlocks
            ? values.numel() == tensor.ByteLength
            : values.shape.AsSpan().SequenceEqual(tensor.Shape.AsSpan());
        if (!fits)
        {
            throw new InvalidOperationException(
                $"tensor '{tensor.Name}' was declared [{string.Join(", ", tensor.Shape)}], but "
                + $"[{string.Join(", ", values.shape)}] was made");
        }

        GgmlEncoding.Of(tensor.Type).Write(values, stream);
        stream.Write(new byte[Padded(tensor.ByteLength) - tensor.ByteLength]);
    }

    private static long Padded(long bytes) => (bytes + Alignment - 1) / Alignment * Alignment;

    private static GgufValueType TypeOf(object value, string key) => value switch
    {
        bool => GgufValueType.Bool,
        byte => GgufValueType.UInt8,
        int => GgufValueType.Int32,
        uint => GgufValueType.UInt32,
        ulong => GgufValueType.UInt64,
        float => GgufValueType.Float32,
        string => GgufValueType.String,
        Array { Rank: 1, Length: > 0 } => GgufValueType.Array,
        _ => throw new ArgumentException($"the value of '{key}' is a {value.GetType().Name}, which is not written"),
    };

    private static void WriteValue(BinaryWriter writer, object value, string key)
    {
        switch (value)
        {
            case bool flag:
                writer.Write(flag);
                break;
            case byte number:
                writer.Write(number);
                break;
            case int number:
                writer.Write(number);
                break;
            case uint number:
                writer.Write(number);
                break;
            case ulong number:
                writer.Write(number);
                break;
            case float number:
                writer.Write(number);
                break;
            case string text:
                WriteText(writer, text);
                break;
            default:
                WriteList(writer, (Array)value, key);
                break;
        }
    }

    private static void WriteList(BinaryWriter writer, Array list, string key)
    {
        writer.Write((uint)TypeOf(list.GetValue(0)!, key));
        writer.Write((ulong)list.Length);
        foreach (object item in list)
        {
            WriteValue(writer, item, key);
        }
    }

    private static void WriteText(BinaryWriter writer, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }
}
