using System.Text.Json.Nodes;
using System.Text.Json;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Corpora;

/// <summary>Reads one JSON object per line.</summary>
internal static class JsonRowReader
{
    public static IEnumerable<DataRow> Read(TextReader reader, string file)
    {
        for (int number = 1; reader.ReadLine() is { } line; number++)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                yield return new DataRow(Parse(line, file, number), $"line {number}");
            }
        }
    }

    private static JsonObject Parse(string line, string file, int number)
    {
        try
        {
            JsonObject? row = JsonNode.Parse(line) as JsonObject;

            // Whether a key stands there twice shows only when the object is looked into.
            return row is { Count: > 0 } ? row : throw new CheckpointException(file, $"line {number}: is no JSON object with fields");
        }
        catch (Exception problem) when (problem is JsonException or ArgumentException)
        {
            throw new CheckpointException(file, $"line {number}: is not valid JSON: {problem.Message}", problem);
        }
    }
}
