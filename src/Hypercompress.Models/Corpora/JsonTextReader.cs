using System.Text;
using System.Text.Json;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Corpora;

/// <summary>
/// Reads the texts of a <c>.json</c> file: a list of strings or of objects with a text field, or one object per line,
/// which many call <c>.json</c> too.
/// </summary>
internal static class JsonTextReader
{
    private static ReadOnlySpan<byte> Blanks => " \t\r\n"u8;

    /// <summary>Whether a file is a list of numbers, or of lists, as token ids are; an empty list is one of
    /// ids.</summary>
    /// <param name="json">The content of the file.</param>
    /// <returns>True for ids; false for texts and for what is not JSON.</returns>
    public static bool HoldsIds(ReadOnlySpan<byte> json) =>
        json.TrimStart(Blanks) is [(byte)'[', .. var items]
        && items.TrimStart(Blanks) is [(byte)'[' or (byte)']' or (byte)'-' or (>= (byte)'0' and <= (byte)'9'), ..];

    /// <summary>Reads the texts.</summary>
    /// <param name="json">The content of the file.</param>
    /// <param name="file">Its path, for messages.</param>
    /// <param name="field">The text's field of an object.</param>
    /// <returns>The texts in order.</returns>
    /// <exception cref="CheckpointException">It is something else; the message names the item or line.</exception>
    public static IEnumerable<string> Read(ReadOnlyMemory<byte> json, string file, string field) =>
        json.Span.TrimStart(Blanks) is [(byte)'[', ..] ? ReadList(json.Span, file, field)
        : ReadWhole(json.Span, file, field)
            ?? JsonLinesReader.Read(new StringReader(Encoding.UTF8.GetString(json.Span)), file, field);

    /// <summary>The text of a file that is one JSON value, in however many lines; null where more follows it.</summary>
    private static List<string>? ReadWhole(ReadOnlySpan<byte> json, string file, string field)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            JsonElement value = JsonElement.ParseValue(ref reader);
            return json[(int)reader.BytesConsumed..].TrimStart(Blanks).IsEmpty
                ? JsonText.Find(value, field, file, "the whole") is { } text ? [text] : []
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static List<string> ReadList(ReadOnlySpan<byte> json, string file, string field)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            List<string> texts = [];
            reader.Read();
            for (int item = 1; reader.Read() && reader.TokenType != JsonTokenType.EndArray; item++)
            {
                JsonElement value = JsonElement.ParseValue(ref reader);
                if (JsonText.Find(value, field, file, $"item {item}") is { } text)
                {
                    texts.Add(text);
                }
            }

            reader.Read();
            return texts;
        }
        catch (JsonException problem)
        {
            throw new CheckpointException(file, $"is not valid JSON: {MalformedJson.Describe(problem)}", problem);
        }
    }
}
