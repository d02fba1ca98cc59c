using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Checkpoints.Safetensors;

/// <summary>
/// Reads and checks the header of one safetensors file: everything that can be wrong without reading data.
/// </summary>
/// <param name="file">The open file.</param>
internal sealed class SafetensorsHeaderParser(CheckpointFile file)
{
    private const int LengthBytes = 8;

    // Name, description and entries of dictionaries of one tensor, beside its own characters and dimensions.
    private const long TensorCost = 1000;

    private readonly MemoryBudget _budget = new(file.Length);
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
            throw Fail($"the header is not valid JSON: {MalformedJson.Describe(e)}", e);
        }

        CheckTiling();
        return new SafetensorsHeader(_entries, _metadata);
    }

    private byte[] ReadJson()
    {
        if (file.Length < LengthBytes)
        {
            throw NoHeader($"the header is too small: {file.Length} bytes, "
                + "but a safetensors file starts with an 8-byte length");
        }

        Span<byte> prefix = stackalloc byte[LengthBytes];
        file.ReadExactly(0, prefix);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > SafetensorsHeader.MaximumBytes)
        {
            throw NoHeader($"the header is too large: {length} bytes, "
                + $"at most {SafetensorsHeader.MaximumBytes} are allowed; is this a safetensors file?");
        }

        if (LengthBytes + (long)length > file.Length)
        {
            throw Fail(ForeignContent.Describe(file.ReadStart())
                ?? $"the header length is invalid: {length} bytes, but the file has only {file.Length}; "
                    + "it may be cut off");
        }

        byte[] json = new byte[length];
        file.ReadExactly(LengthBytes, json);
        DataStart = LengthBytes + (long)length;
        return json;
    }

    private void ParseRoot(byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        var tensors = new SafetensorsEntryParser(file.Path);
        reader.Read();
        tensors.Expect(ref reader, JsonTokenType.StartObject, SafetensorsEntryParser.HeaderName);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = Name(ref reader);
            reader.Read();
            if (name == SafetensorsHeader.MetadataKey)
            {
                ParseMetadata(ref reader, tensors);
            }
            else
            {
                Add(tensors.Parse(ref reader, name));
            }
        }

        // Anything but white space after the closing brace makes this call throw.
        reader.Read();
    }

    private string Name(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw Fail("the name of a tensor is not valid UTF-8", e);
        }
    }

    private void Add(SafetensorsEntry entry)
    {
        if (!_budget.Take(TensorCost + (2L * entry.Info.Name.Length) + (16L * entry.Info.Shape.Length)))
        {
            throw Fail($"the header has more than {_entries.Count} tensors, which is more than a file of {file.Length} "
                + "bytes may have");
        }

        if (!_entries.TryAdd(entry.Info.Name, entry))
        {
            throw Fail($"the tensor '{entry.Info.Name}' occurs twice in the header");
        }
    }

    private void ParseMetadata(ref Utf8JsonReader reader, SafetensorsEntryParser tensors)
    {
        if (_hasMetadata)
        {
            throw Fail($"the key {SafetensorsHeader.MetadataKey} occurs twice in the header");
        }

        _hasMetadata = true;
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        tensors.Expect(ref reader, JsonTokenType.StartObject, SafetensorsHeader.MetadataKey);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = Text(ref reader);
            reader.Read();
            tensors.Expect(ref reader, JsonTokenType.String, SafetensorsHeader.MetadataKey, key);
            string value = Text(ref reader);
            if (!_budget.TakeText(key.Length + (long)value.Length))
            {
                throw Fail($"{SafetensorsHeader.MetadataKey} is larger than a file of {file.Length} bytes may have");
            }

            if (!_metadata.TryAdd(key, value))
            {
                throw Fail($"the key '{key}' occurs twice in {SafetensorsHeader.MetadataKey}");
            }
        }
    }

    /// <summary>Metadata is for people: what is not UTF-8 in it is replaced, not refused.</summary>
    private static string Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Encoding.UTF8.GetString(reader.ValueSpan);
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

    private CheckpointException NoHeader(string problem) =>
        Fail(ForeignContent.DescribeWeights(file.ReadStart()) ?? problem);

    private CheckpointException Fail(string problem, Exception? inner = null) => new(file.Path, problem, inner);
}
