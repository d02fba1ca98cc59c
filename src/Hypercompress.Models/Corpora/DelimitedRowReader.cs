using System.Text.Json.Nodes;
using System.Text.Json;
using System.Text;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Corpora;

/// <summary>
/// Reads a table with a header. Cells between commas may be quoted and then hold commas, line breaks and doubled
/// quotes; between tabs a quote is a letter like any other.
/// </summary>
internal sealed class DelimitedRowReader
{
    private readonly TextReader _reader;
    private readonly string _file;
    private readonly char _separator;
    private int _line = 1;

    private DelimitedRowReader(TextReader reader, string file, char separator) =>
        (_reader, _file, _separator) = (reader, file, separator);

    public static IEnumerable<DataRow> Read(TextReader reader, string file, char separator)
    {
        var rows = new DelimitedRowReader(reader, file, separator);
        if (rows.ReadCells() is not { } header)
        {
            yield break;
        }

        rows.CheckHeader(header);
        for (int line = rows._line; rows.ReadCells() is { } cells; line = rows._line)
        {
            if (cells is not [""])
            {
                yield return new DataRow(rows.ToObject(header, cells, line), $"line {line}");
            }
        }
    }

    private void CheckHeader(List<string> header)
    {
        if (header.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new CheckpointException(_file, $"line 1: two columns are named '{twice.Key}'");
        }
    }

    private JsonObject ToObject(List<string> header, List<string> cells, int line) => cells.Count == header.Count
        ? new JsonObject(header.Zip(cells, (name, cell) => KeyValuePair.Create<string, JsonNode?>(name, ToValue(cell))))
        : throw new CheckpointException(
            _file, $"line {line}: has {cells.Count} cells, the header has {header.Count} ({string.Join(", ", header)})");

    private static JsonNode ToValue(string cell)
    {
        if (cell is ['[', .., ']'] or ['{', .., '}'])
        {
            try
            {
                return JsonNode.Parse(cell)!;
            }
            catch (JsonException)
            {
                // A text in brackets.
            }
        }

        return JsonValue.Create(cell);
    }

    private List<string>? ReadCells()
    {
        if (_reader.Peek() < 0)
        {
            return null;
        }

        var cells = new List<string>();
        do
        {
            cells.Add(_separator == ',' && _reader.Peek() == '"' ? ReadQuoted() : ReadPlain());
        }
        while (NextCell());

        return cells;
    }

    private string ReadPlain()
    {
        var cell = new StringBuilder();
        while (_reader.Peek() is var next && next >= 0 && next != _separator && next is not ('\n' or '\r'))
        {
            cell.Append((char)_reader.Read());
        }

        return cell.ToString();
    }

    private string ReadQuoted()
    {
        int opened = _line;
        var cell = new StringBuilder();
        _reader.Read();
        while (true)
        {
            int next = _reader.Read();
            if (next < 0)
            {
                throw new CheckpointException(_file, $"line {opened}: a quoted cell is not closed");
            }

            if (next == '"' && _reader.Peek() != '"')
            {
                return cell.ToString();
            }

            if (next == '"')
            {
                _reader.Read();
            }

            _line += next == '\n' ? 1 : 0;
            cell.Append((char)next);
        }
    }

    /// <summary>Takes what ends a cell; true when another one follows in the row.</summary>
    private bool NextCell()
    {
        int end = _reader.Read();
        if (end == _separator)
        {
            return true;
        }

        if (end == '\r' && _reader.Peek() == '\n')
        {
            end = _reader.Read();
        }

        if (end is not ('\n' or '\r' or -1))
        {
            throw new CheckpointException(_file, $"line {_line}: '{(char)end}' stands after the end of a quoted cell");
        }

        _line++;
        return false;
    }
}
