using System.Text.Json;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Corpora;

/// <summary>
/// Reads one document per line: a JSON string, or an object with a text field. Blank lines and documents that are null
/// are passed over.
/// </summary>
internal static class JsonLinesReader
{
    public static IEnumerable<string> Read(TextReader reader, string file, string field)
    {
        for (int number = 1; reader.ReadLine() is { } line; number++)
        {
            if (!string.IsNullOrWhiteSpace(line) && Parse(line, file, number, field) is { } text)
            {
                yield return text;
            }
        }
    }

    private static string? Parse(string line, string file, int number, string field)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return JsonText.Find(document.RootElement, field, file, $"line {number}");
        }
        catch (JsonException problem)
        {
            throw new CheckpointException(
                file, $"line {number}: is not valid JSON: {MalformedJson.DescribeInLine(problem)}", problem);
        }
    }
}
