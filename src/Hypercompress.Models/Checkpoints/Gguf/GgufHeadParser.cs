using System.Numerics;
using System.Runtime.InteropServices;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Checkpoints.Gguf;

/// <summary>Reads and checks everything in a GGUF file that is before the data.</summary>
/// <param name="file">The open file.</param>
internal sealed class GgufHeadParser(CheckpointFile file)
{
    private const uint Magic = 0x46554747;
    private const uint DefaultAlignment = 32;
    private const int MaximumDimensions = 4;

    // Smallest possible pair: empty key, type, one byte. Smallest tensor: empty name, no dimension, type, offset.
    private const int LeastPairBytes = 8 + 4 + 1;
    private const int LeastTensorBytes = 8 + 4 + 4 + 8;

    private readonly GgufCursor _cursor = new(file);
    // Description of a tensor and entries of dictionaries, beside its name.
    private const int TensorCost = 600;
    private const int PairCost = 128;

    private readonly Dictionary<string, object> _metadata = new(StringComparer.Ordinal);
    private readonly HashSet<string> _malformed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GgufEntry> _entries = new(StringComparer.Ordinal);

    /// <summary>Reads the head.</summary>
    /// <returns>The checked head.</returns>
    /// <exception cref="CheckpointException">Any rule of the format is broken, or a type cannot be read.</exception>
    public GgufHead Parse()
    {
        if (file.Length == 0)
        {
            throw _cursor.Fail("is empty; download it again");
        }

        int version = ReadVersion();
        int tensors = _cursor.ReadCount(LeastTensorBytes, "the head", "tensors");
        int pairs = _cursor.ReadCount(LeastPairBytes, "the head", "metadata pairs");
        for (int i = 0; i < pairs; i++)
        {
            ReadPair();
        }

        uint alignment = Alignment();
        for (int i = 0; i < tensors; i++)
        {
            ReadTensor(alignment);
        }

        PlaceData(alignment);
        return new GgufHead(version, new GgufMetadata(file.Path, _metadata, _malformed), _entries);
    }

    private int ReadVersion()
    {
        uint magic = _cursor.ReadUInt32();
        if (magic != Magic)
        {
            throw _cursor.Fail(ForeignContent.DescribeWeights(file.ReadStart())
                ?? $"is not a GGUF file: it starts with 0x{magic:X8} instead of \"GGUF\"");
        }

        uint version = _cursor.ReadUInt32();
        return version switch
        {
            2 or 3 => (int)version,
            0x02000000 or 0x03000000 =>
                throw _cursor.Fail("is a big-endian GGUF file; only little-endian ones are read"),
            _ => throw _cursor.Fail($"is of GGUF version {version}; versions 2 and 3 are read"),
        };
    }

    private void ReadPair()
    {
        string key = _cursor.ReadText("a metadata key", out bool isValid);
        _cursor.Spend(PairCost, "metadata");
        uint type = _cursor.ReadUInt32();
        object value = type == (uint)GgufValueType.Array ? ReadArray(key) : ReadScalar(type, key);
        if (!_metadata.TryAdd(key, value) && isValid)
        {
            throw _cursor.Fail($"the metadata key '{key}' occurs twice");
        }
    }

    private object ReadScalar(uint type, string key) => (GgufValueType)type switch
    {
        GgufValueType.UInt8 => _cursor.ReadByte(),
        GgufValueType.Int8 => (sbyte)_cursor.ReadByte(),
        GgufValueType.UInt16 => _cursor.ReadUInt16(),
        GgufValueType.Int16 => (short)_cursor.ReadUInt16(),
        GgufValueType.UInt32 => _cursor.ReadUInt32(),
        GgufValueType.Int32 => (int)_cursor.ReadUInt32(),
        GgufValueType.Float32 => BitConverter.UInt32BitsToSingle(_cursor.ReadUInt32()),
        GgufValueType.Bool => ReadBoolean(key),
        GgufValueType.String => ReadText(key, $"metadata '{key}'"),
        GgufValueType.UInt64 => _cursor.ReadUInt64(),
        GgufValueType.Int64 => (long)_cursor.ReadUInt64(),
        GgufValueType.Float64 => BitConverter.UInt64BitsToDouble(_cursor.ReadUInt64()),
        _ => throw _cursor.Fail($"metadata '{key}': unknown value type {type}"),
    };

    private object ReadArray(string key)
    {
        uint type = _cursor.ReadUInt32();
        string what = $"metadata '{key}'";
        return (GgufValueType)type switch
        {
            GgufValueType.UInt8 => ReadNumbers<byte>(what),
            GgufValueType.Int8 => ReadNumbers<sbyte>(what),
            GgufValueType.UInt16 => ReadNumbers<ushort>(what),
            GgufValueType.Int16 => ReadNumbers<short>(what),
            GgufValueType.UInt32 => ReadNumbers<uint>(what),
            GgufValueType.Int32 => ReadNumbers<int>(what),
            GgufValueType.Float32 => ReadNumbers<float>(what),
            GgufValueType.UInt64 => ReadNumbers<ulong>(what),
            GgufValueType.Int64 => ReadNumbers<long>(what),
            GgufValueType.Float64 => ReadNumbers<double>(what),
            GgufValueType.Bool => ReadEach(what, leastBytes: 1, () => ReadBoolean(key)),
            GgufValueType.String => ReadEach(what, leastBytes: 8, () => ReadText(key, what)),
            GgufValueType.Array => throw _cursor.Fail($"metadata '{key}': lists of lists are not read"),
            _ => throw _cursor.Fail($"metadata '{key}': unknown value type {type} in a list"),
        };
    }

    private unsafe T[] ReadNumbers<T>(string what)
        where T : unmanaged
    {
        int count = _cursor.ReadCount(sizeof(T), what, "numbers");
        _cursor.Spend((long)count * sizeof(T), what);
        var numbers = new T[count];
        _cursor.ReadBytes(MemoryMarshal.AsBytes(numbers.AsSpan()));
        return numbers;
    }

    private T[] ReadEach<T>(string what, int leastBytes, Func<T> read)
    {
        int count = _cursor.ReadCount(leastBytes, what, "items");
        _cursor.Spend((long)count * leastBytes, what);
        var items = new T[count];
        for (int i = 0; i < items.Length; i++)
        {
            items[i] = read();
        }

        return items;
    }

    /// <summary>A text; reading one that is not UTF-8 is an error.</summary>
    private string ReadText(string key, string what)
    {
        string text = _cursor.ReadText(what, out bool isValid);
        if (!isValid)
        {
            _malformed.Add(key);
        }

        return text;
    }

    private bool ReadBoolean(string key) => _cursor.ReadByte() switch
    {
        0 => false,
        1 => true,
        var other => throw _cursor.Fail($"metadata '{key}': {other} is neither true (1) nor false (0)"),
    };

    private uint Alignment()
    {
        const string key = "general.alignment";
        if (!_metadata.TryGetValue(key, out object? value))
        {
            return DefaultAlignment;
        }

        return value is uint alignment && BitOperations.IsPow2(alignment)
            ? alignment
            : throw _cursor.Fail(
                $"metadata '{key}' is {value} ({value.GetType().Name}); it must be a 32-bit power of two");
    }

    private void ReadTensor(uint alignment)
    {
        string name = _cursor.ReadString("a tensor's name");
        _cursor.Spend(TensorCost, "tensors");
        uint dimensions = _cursor.ReadUInt32();
        if (dimensions > MaximumDimensions)
        {
            throw _cursor.Fail($"tensor '{name}': {dimensions} dimensions, at most {MaximumDimensions} are allowed");
        }

        // The file lists the fastest dimension first.
        long[] shape = new long[dimensions];
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            ulong size = _cursor.ReadUInt64();
            shape[i] = size <= long.MaxValue
                ? (long)size
                : throw _cursor.Fail($"tensor '{name}': dimension {size} overflows");
        }

        uint number = _cursor.ReadUInt32();
        ulong offset = _cursor.ReadUInt64();
        var type = GgmlTypes.Find(number)
            ?? throw _cursor.Fail($"tensor '{name}': elements of {GgmlTypes.Describe(number)} cannot be read");
        if (offset % alignment != 0 || offset > (ulong)file.Length)
        {
            throw _cursor.Fail($"tensor '{name}': offset {offset} is not a multiple of {alignment} inside the file");
        }

        var info = new TensorInfo(name, type.Name, [.. shape], ByteLength(name, type, shape), file.Path);
        if (!_entries.TryAdd(name, new GgufEntry(file, info, type, (long)offset)))
        {
            throw _cursor.Fail($"the tensor '{name}' occurs twice");
        }
    }

    private long ByteLength(string name, StoredType type, long[] shape)
    {
        long columns = shape.Length == 0 ? 1 : shape[^1];
        if (columns % type.BlockElements != 0)
        {
            throw _cursor.Fail(
                $"tensor '{name}': rows of {columns} are not a whole number of {type.Name} blocks of "
                + $"{type.BlockElements}");
        }

        try
        {
            return type.ByteLength(shape)!.Value;
        }
        catch (OverflowException e)
        {
            throw _cursor.Fail($"tensor '{name}': the size of shape [{string.Join(", ", shape)}] overflows", e);
        }
    }

    /// <summary>Turns offsets into places in the file, now that the end of the head is known.</summary>
    private void PlaceData(uint alignment)
    {
        long start = (_cursor.Position + alignment - 1) / alignment * alignment;
        long end = start;
        GgufEntry[] inOrder =
        [
            .. _entries.Values.OrderBy(entry => entry.Start).ThenBy(entry => entry.Info.ByteLength),
        ];
        foreach (var entry in inOrder)
        {
            var placed = entry with { Start = start + entry.Start };
            if (placed.Start < end)
            {
                throw _cursor.Fail($"tensor '{entry.Info.Name}': its data overlaps that of another tensor");
            }

            if (entry.Info.ByteLength > file.Length - placed.Start)
            {
                throw _cursor.Fail(
                    $"tensor '{entry.Info.Name}': its {entry.Info.ByteLength} bytes at {placed.Start} reach beyond "
                    + $"the end of the file at {file.Length}; it may be cut off");
            }

            end = placed.Start + entry.Info.ByteLength;
            _entries[entry.Info.Name] = placed;
        }
    }
}
