using System.Collections;
using System.Globalization;
using System.Text.Json.Nodes;
using Hypercompress.Models.Corpora.Parquet;
using Hypercompress.Models.Errors;
using Parquet;
using Parquet.Serialization;

namespace Hypercompress.Models.Corpora;

/// <summary>Reads the rows of a Parquet file with nested lists and structures, one row group at a time.</summary>
internal static class ParquetRowReader
{
    public static IEnumerable<DataRow> Read(string file)
    {
        ParquetCheck.Require(file);
        int number = 1;
        for (int group = 0; ReadGroup(file, group) is { } rows; group++)
        {
            foreach (IDictionary<string, object> row in rows)
            {
                yield return new DataRow(ToObject(row), string.Create(CultureInfo.InvariantCulture, $"row {number++}"));
            }
        }
    }

    private static IEnumerable<IDictionary<string, object>>? ReadGroup(string file, int group)
    {
        try
        {
            // The library is asynchronous only; nothing here has a context to block.
            return ReadGroupAsync(file, group).GetAwaiter().GetResult();
        }
        catch (Exception problem) when (problem is not (HypercompressException or OutOfMemoryException))
        {
            throw new CheckpointException(file, $"is not a readable Parquet file: {problem.Message}", problem);
        }
    }

    private static async Task<IEnumerable<IDictionary<string, object>>?> ReadGroupAsync(string file, int group)
    {
        await using FileStream stream = File.OpenRead(file);
        await using (var reader = await ParquetReader.CreateAsync(stream, leaveStreamOpen: true).ConfigureAwait(false))
        {
            if (group >= reader.RowGroupCount)
            {
                return null;
            }
        }

        stream.Position = 0;
        return (await ParquetSerializer.DeserializeUntypedAsync(stream, rowGroupIndex: group)
            .ConfigureAwait(false)).Data;
    }

    private static JsonObject ToObject(IEnumerable<KeyValuePair<string, object>> row) =>
        new(row.Select(pair => KeyValuePair.Create(pair.Key, ToNode(pair.Value))));

    private static JsonNode? ToNode(object? value) => value switch
    {
        null => null,
        string text => JsonValue.Create(text),
        bool flag => JsonValue.Create(flag),
        double number => ToNode(number),
        float number => ToNode((double)number),
        sbyte or byte or short or ushort or int or uint or long =>
            JsonValue.Create(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        ReadOnlyMemory<char> text => JsonValue.Create(text.ToString()),
        IEnumerable<KeyValuePair<string, object>> structure => ToObject(structure),
        IEnumerable list => new JsonArray([.. list.Cast<object?>().Select(ToNode)]),
        _ => JsonValue.Create(Convert.ToString(value, CultureInfo.InvariantCulture)),
    };

    // JSON has no word for these.
    private static JsonValue ToNode(double number) => double.IsFinite(number)
        ? JsonValue.Create(number)
        : JsonValue.Create(number.ToString(CultureInfo.InvariantCulture));
}
