namespace Hypercompress.Models.Corpora.Parquet;

/// <summary>
/// Reads structures in Thrift's compact protocol, in which Parquet keeps its footer and page headers. Every length and
/// count is checked against the bytes that are left, every type against the one that is expected.
/// </summary>
/// <param name="bytes">The bytes.</param>
internal ref struct ThriftReader(ReadOnlySpan<byte> bytes)
{
    private const int MaxDepth = 32;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Bytes read.</summary>
    public int Position { get; private set; }

    private readonly int Left => _bytes.Length - Position;

    /// <summary>Reads a structure.</summary>
    /// <param name="fields">The types of its fields; others are passed over.</param>
    /// <returns>The structure.</returns>
    /// <exception cref="EndOfStreamException">The bytes end before it does.</exception>
    /// <exception cref="InvalidDataException">The bytes are not such a structure.</exception>
    public ThriftStructure Read(IReadOnlyDictionary<int, ThriftField> fields) => ReadStructure(fields, MaxDepth);

    private ThriftStructure ReadStructure(IReadOnlyDictionary<int, ThriftField>? fields, int depth)
    {
        Require(depth > 0, "structures are nested too deeply");
        var result = new ThriftStructure();
        int id = 0;
        for (byte head; (head = ReadByte()) != 0;)
        {
            byte type = (byte)(head & 0x0F);
            id = head >> 4 is var step && step > 0 ? id + step : (int)ReadInteger();
            ThriftField? expected = fields?.GetValueOrDefault(id);
            Require(expected is null || expected.Accepts(type), $"field {id} has the type {type}");
            if (ReadValue(type, expected, depth, inList: false) is { } value)
            {
                result.Set(id, value);
            }
        }

        return result;
    }

    private object? ReadValue(byte type, ThriftField? expected, int depth, bool inList) => type switch
    {
        ThriftType.True or ThriftType.False => inList ? (long)ReadByte() : (long)type,
        ThriftType.Byte => (long)ReadByte(),
        ThriftType.Short or ThriftType.Integer or ThriftType.Long => ReadInteger(),
        ThriftType.Double => Take(sizeof(double)).IsEmpty ? null : 0L,
        ThriftType.Text => ReadText(expected),
        ThriftType.Uuid => Take(16).IsEmpty ? null : 0L,
        ThriftType.List or ThriftType.Set => ReadList(expected?.Element, depth - 1),
        ThriftType.Map => SkipMap(depth - 1),
        ThriftType.Structure => ReadStructure(expected?.Fields, depth - 1),
        _ => throw new InvalidDataException($"there is no type {type}"),
    };

    private byte[] ReadText(ThriftField? expected)
    {
        ReadOnlySpan<byte> text = Take(ReadVariable());
        return expected is null ? [] : text.ToArray();
    }

    private List<object> ReadList(ThriftField? expected, int depth)
    {
        Require(depth > 0, "lists are nested too deeply");
        byte head = ReadByte();
        byte type = (byte)(head & 0x0F);
        ulong count = head >> 4 is var few && few < 15 ? (ulong)few : ReadVariable();
        Require(count <= (ulong)Left, "a list is longer than the file");
        Require(count == 0 || expected is null || expected.Accepts(type), $"a list has elements of type {type}");
        List<object> items = [];
        for (ulong i = 0; i < count; i++)
        {
            if (ReadValue(type, expected, depth, inList: true) is { } value && expected is not null)
            {
                items.Add(value);
            }
        }

        return items;
    }

    private object? SkipMap(int depth)
    {
        ulong count = ReadVariable();
        Require(count <= (ulong)Left, "a map is longer than the file");
        byte types = count == 0 ? (byte)0 : ReadByte();
        for (ulong i = 0; i < count; i++)
        {
            ReadValue((byte)(types >> 4), null, depth, inList: true);
            ReadValue((byte)(types & 0x0F), null, depth, inList: true);
        }

        return null;
    }

    private long ReadInteger()
    {
        ulong value = ReadVariable();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    private ulong ReadVariable()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = ReadByte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("a number is too long");
    }

    private byte ReadByte() => Take(1)[0];

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)Left)
        {
            throw new EndOfStreamException("a value reaches beyond the end");
        }

        int start = Position;
        Position += (int)count;
        return _bytes[start..Position];
    }

    private static void Require(bool holds, string problem)
    {
        if (!holds)
        {
            throw new InvalidDataException(problem);
        }
    }
}
