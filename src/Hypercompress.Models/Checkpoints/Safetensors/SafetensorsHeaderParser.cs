using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Unicode;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Checkpoints.Safetensors;

/// <summary>
/// Reads and checks the header of one safetensors file: everything that can be wrong without reading data.
/// </summary>
/// <param name="file">The open file.</param>
internal sealed class SafetensorsHeaderParser(CheckpointFile file)
{
    private const int LengthBytes = 8;
    private const int MaximumDimensions = 64;

    private readonly Dictionary<string, SafetensorsEntry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private bool _hasMetadata;

    /// <summary>Where the data starts in the file; known after <see cref="Parse"/>.</summary>
    public long DataStart { get; private set; }

    /// <summary>Reads the header.</summary>
    /// <returns>The checked header.</returns>
    /// <exception cref="CheckpointException">Any rule of the format is broken.</exception>
    public SafetensorsHeader Parse()
    {
        byte[] json = ReadJson();
        try
        {
            ParseRoot(json);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Fail($"the header is not valid JSON: {e.Message}", e);
        }

        CheckTiling();
        return new SafetensorsHeader(_entries, _metadata);
    }

    private byte[] ReadJson()
    {
        if (file.Length < LengthBytes)
        {
            throw Fail($"the header is too small: {file.Length} bytes, "
                + "but a safetensors file starts with an 8-byte length");
        }

        Span<byte> prefix = stackalloc byte[LengthBytes];
        file.ReadExactly(0, prefix);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > SafetensorsHeader.MaximumBytes)
        {
            throw Fail($"the header is too large: {length} bytes, "
                + $"at most {SafetensorsHeader.MaximumBytes} are allowed; is this a safetensors file?");
        }

        if (LengthBytes + (long)length > file.Length)
        {
            throw Fail($"the header length is invalid: {length} bytes, but the file has only {file.Length}; "
                + "it may be cut off");
        }

        byte[] json = new byte[length];
        file.ReadExactly(LengthBytes, json);
        DataStart = LengthBytes + (long)length;
        return Utf8.IsValid(json) ? json : throw Fail("the header is not valid UTF-8");
    }

    private void ParseRoot(byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        Expect(ref reader, JsonTokenType.StartObject, "the header");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            if (name == SafetensorsHeader.MetadataKey)
            {
                ParseMetadata(ref reader);
            }
            else
            {
                ParseEntry(ref reader, name);
            }
        }

        // Anything but white space after the closing brace makes this call throw.
        reader.Read();
    }

    private void ParseMetadata(ref Utf8JsonReader reader)
    {
        if (_hasMetadata)
        {
            throw Fail($"the key {SafetensorsHeader.MetadataKey} occurs twice in the header");
        }

        _hasMetadata = true;
        Expect(ref reader, JsonTokenType.StartObject, SafetensorsHeader.MetadataKey);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            reader.Read();
            Expect(ref reader, JsonTokenType.String, $"{SafetensorsHeader.MetadataKey}, key '{key}'");
            if (!_metadata.TryAdd(key, reader.GetString()!))
            {
                throw Fail($"the key '{key}' occurs twice in {SafetensorsHeader.MetadataKey}");
            }
        }
    }

    private void ParseEntry(ref Utf8JsonReader reader, string name)
    {
        Expect(ref reader, JsonTokenType.StartObject, $"tensor '{name}'");
        string? typeName = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string field = reader.GetString()!;
            reader.Read();
            bool isSecond = field switch
            {
                "dtype" => typeName is not null,
                "shape" => shape is not null,
                "data_offsets" => offsets is not null,
                _ => false,
            };
            if (isSecond)
            {
                throw Fail($"tensor '{name}': the key {field} occurs twice");
            }

            switch (field)
            {
                case "dtype":
                    Expect(ref reader, JsonTokenType.String, $"tensor '{name}', dtype");
                    typeName = reader.GetString();
                    break;
                case "shape":
                    shape = ParseNumbers(ref reader, name, field, MaximumDimensions);
                    break;
                case "data_offsets":
                    offsets = ParseNumbers(ref reader, name, field, 2);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (typeName is null || shape is null || offsets is not { Count: 2 })
        {
            throw Fail($"tensor '{name}': needs dtype, shape and two data_offsets");
        }

        Add(name, typeName, shape, offsets[0], offsets[1]);
    }

    private List<long> ParseNumbers(ref Utf8JsonReader reader, string name, string field, int most)
    {
        Expect(ref reader, JsonTokenType.StartArray, $"tensor '{name}', {field}");
        List<long> numbers = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetUInt64(out ulong number))
            {
                throw Fail($"tensor '{name}': {field} holds something that is no whole number from 0 to 2^64 - 1");
            }

            if (number > long.MaxValue)
            {
                throw Fail($"tensor '{name}': {number} in {field} overflows");
            }

            if (numbers.Count == most)
            {
                throw Fail($"tensor '{name}': {field} has more than {most} numbers");
            }

            numbers.Add((long)number);
        }

        return numbers;
    }

    private void Add(string name, string typeName, List<long> shape, long begin, long end)
    {
        var type = SafetensorsTypes.Find(typeName)
            ?? throw Fail($"tensor '{name}': unknown dtype '{typeName}'");
        if (end < begin)
        {
            throw Fail($"tensor '{name}': invalid offsets, it ends ({end}) before it begins ({begin})");
        }

        long? bytes;
        try
        {
            bytes = type.ByteLength([.. shape]);
        }
        catch (OverflowException e)
        {
            throw Fail($"tensor '{name}': the size of shape [{string.Join(", ", shape)}] overflows", e);
        }

        if (bytes != end - begin)
        {
            string needed = bytes is null ? "no whole number of bytes" : $"{bytes} bytes";
            throw Fail($"tensor '{name}': {typeName} [{string.Join(", ", shape)}] takes {needed}, "
                + $"but its offsets span {end - begin}");
        }

        var info = new TensorInfo(name, typeName, [.. shape], end - begin, file.Path);
        if (!_entries.TryAdd(name, new SafetensorsEntry(info, type, begin)))
        {
            throw Fail($"the tensor '{name}' occurs twice in the header");
        }
    }

    /// <summary>The data must be covered without holes, overlaps or a rest.</summary>
    private void CheckTiling()
    {
        long position = 0;
        long available = file.Length - DataStart;
        foreach (var entry in _entries.Values.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            if (entry.Begin != position)
            {
                string kind = entry.Begin > position ? "a hole before it" : "an overlap with another tensor";
                throw Fail($"tensor '{entry.Info.Name}': invalid offsets, "
                    + $"begins at {entry.Begin} where {position} is due: {kind}");
            }

            position = entry.End;
            if (position > available)
            {
                throw Fail($"tensor '{entry.Info.Name}': ends at byte {position} of the data, "
                    + $"but the file has only {available}; it may be cut off");
            }
        }

        if (position != available)
        {
            throw Fail($"{available - position} bytes trail after the last tensor");
        }
    }

    private void Expect(ref Utf8JsonReader reader, JsonTokenType type, string where)
    {
        if (reader.TokenType != type)
        {
            throw Fail($"{where}: expected {type}, found {reader.TokenType}");
        }
    }

    private CheckpointException Fail(string problem, Exception? inner = null) => new(file.Path, problem, inner);
}
