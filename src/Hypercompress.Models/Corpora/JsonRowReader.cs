using System.Text.Json;
using System.Text.Json.Nodes;
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
            return JsonValues.Parse(line) is JsonObject { Count: > 0 } row
                ? row
                : throw new CheckpointException(file, $"line {number}: is not a JSON object with fields");
        }
        catch (JsonException problem)
        {
            throw new CheckpointException(
                file, $"line {number}: is not valid JSON: {MalformedJson.DescribeInLine(problem)}", problem);
        }
    }
}
