using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hypercompress.Models.Corpora;

/// <summary>Reads the rows of a <see cref="DelimitedTable"/> as fields; a cell that is a JSON list or object is read as
/// one.</summary>
internal static class DelimitedRowReader
{
    public static IEnumerable<DataRow> Read(TextReader reader, string file, char separator)
    {
        var table = new DelimitedTable(reader, file, separator);
        return table.Rows().Select(row => new DataRow(ToObject(table.Header, row.Cells), $"line {row.Line}"));
    }

    private static JsonObject ToObject(IReadOnlyList<string> header, IReadOnlyList<string> cells) =>
        new(header.Zip(cells, (name, cell) => KeyValuePair.Create<string, JsonNode?>(name, ToValue(cell))));

    private static JsonNode ToValue(string cell)
    {
        if (cell is ['[', .., ']'] or ['{', .., '}'])
        {
            try
            {
                return JsonValues.Parse(cell)!;
            }
            catch (JsonException)
            {
                // A text in brackets.
            }
        }

        return JsonValue.Create(cell);
    }
}
