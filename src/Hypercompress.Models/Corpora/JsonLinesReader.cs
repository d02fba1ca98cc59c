using System.Text.Json;
using System.Text;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Corpora;

/// <summary>
/// Reads one document per line: a JSON string, or an object with a text field. Blank lines are passed over.
/// </summary>
internal static class JsonLinesReader
{
    public static IEnumerable<string> Read(string file, string field)
    {
        using var reader = new StreamReader(file, new UTF8Encoding(false, throwOnInvalidBytes: true));
        for (int number = 1; ReadLine(reader, file, number) is { } line; number++)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                yield return Parse(line, file, number, field);
            }
        }
    }

    private static string? ReadLine(StreamReader reader, string file, int number)
    {
        try
        {
            return reader.ReadLine();
        }
        catch (DecoderFallbackException problem)
        {
            throw new CheckpointException(file, $"line {number}: is not UTF-8", problem);
        }
    }

    private static string Parse(string line, string file, int number, string field)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.String)
            {
                return root.GetString()!;
            }

            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty(field, out var text)
                && text.ValueKind == JsonValueKind.String
                ? text.GetString()!
                : throw new CheckpointException(
                    file, $"line {number}: expected a JSON string or an object whose '{field}' is one");
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            throw new CheckpointException(file, $"line {number}: is not valid JSON: {problem.Message}", problem);
        }
    }
}
