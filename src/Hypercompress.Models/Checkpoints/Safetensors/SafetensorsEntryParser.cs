using System.Text.Json;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Checkpoints.Safetensors;

/// <summary>Reads and checks the description of one tensor in a safetensors header.</summary>
/// <param name="path">Path of the file.</param>
internal sealed class SafetensorsEntryParser(string path)
{
    /// <summary>How messages call the object that holds all tensors.</summary>
    public const string HeaderName = "the header";

    private const int MaximumDimensions = 64;

    /// <summary>Reads a description.</summary>
    /// <param name="reader">At the value of the tensor's key; at its end afterwards.</param>
    /// <param name="name">The tensor's name.</param>
    /// <returns>The checked description.</returns>
    /// <exception cref="CheckpointException">A rule of the format is broken.</exception>
    public SafetensorsEntry Parse(ref Utf8JsonReader reader, string name)
    {
        Expect(ref reader, JsonTokenType.StartObject, name);
        (string? Type, List<long>? Shape, List<long>? Offsets) fields = (null, null, null);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string field = reader.GetString()!;
            reader.Read();
            ParseField(ref reader, name, field, ref fields);
        }

        return fields is ({ } type, { } shape, { Count: 2 } offsets)
            ? Check(name, type, shape, offsets[0], offsets[1])
            : throw Fail($"tensor '{name}': needs dtype, shape and two data_offsets");
    }

    /// <summary>Makes sure that a token is of a kind.</summary>
    /// <param name="reader">At the token.</param>
    /// <param name="type">The kind.</param>
    /// <param name="name">The tensor or object that it belongs to, for the message.</param>
    /// <param name="field">Its key there, for the message.</param>
    /// <exception cref="CheckpointException">It is of another kind.</exception>
    public void Expect(ref Utf8JsonReader reader, JsonTokenType type, string name, string? field = null)
    {
        if (reader.TokenType != type)
        {
            string subject = name is HeaderName or SafetensorsHeader.MetadataKey ? name : $"tensor '{name}'";
            string place = field is null ? subject : $"{subject}, {field}";
            throw Fail($"{place}: expected {type}, found {reader.TokenType}");
        }
    }

    private void ParseField(
        ref Utf8JsonReader reader,
        string name,
        string field,
        ref (string? Type, List<long>? Shape, List<long>? Offsets) fields)
    {
        switch (field)
        {
            case "dtype":
                RequireFirst(fields.Type, name, field);
                Expect(ref reader, JsonTokenType.String, name, field);
                fields.Type = reader.GetString();
                break;
            case "shape":
                RequireFirst(fields.Shape, name, field);
                fields.Shape = ParseNumbers(ref reader, name, field, MaximumDimensions);
                break;
            case "data_offsets":
                RequireFirst(fields.Offsets, name, field);
                fields.Offsets = ParseNumbers(ref reader, name, field, 2);
                break;
            default:
                reader.Skip();
                break;
        }
    }

    private void RequireFirst(object? value, string name, string field)
    {
        if (value is not null)
        {
            throw Fail($"tensor '{name}': the key {field} occurs twice");
        }
    }

    private List<long> ParseNumbers(ref Utf8JsonReader reader, string name, string field, int most)
    {
        Expect(ref reader, JsonTokenType.StartArray, name, field);
        List<long> numbers = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetUInt64(out ulong number))
            {
                throw Fail($"tensor '{name}': {field} holds something that is not a whole number from 0 to 2^64 - 1");
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

    private SafetensorsEntry Check(string name, string typeName, List<long> shape, long begin, long end)
    {
        StoredType type = SafetensorsTypes.Find(typeName)
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

        return new SafetensorsEntry(new TensorInfo(name, type.Name, [.. shape], end - begin, path), type, begin);
    }

    private CheckpointException Fail(string problem, Exception? inner = null) => new(path, problem, inner);
}
