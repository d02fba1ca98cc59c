using System.Text;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Corpora;

/// <summary>
/// A table with a header. Cells between commas may be quoted and then hold commas, line breaks and doubled quotes;
/// between tabs a quote is a letter like any other.
/// </summary>
internal sealed class DelimitedTable
{
    private readonly TextReader _reader;
    private readonly string _file;
    private readonly char _separator;
    private readonly StringBuilder _cell = new();
    private int _line = 1;
    private int _start = 1;

    /// <summary>Reads the header.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="file">Path of the file, for messages.</param>
    /// <param name="separator">Comma or tab.</param>
    /// <exception cref="CheckpointException">Two columns have the same name, or a cell is not closed.</exception>
    public DelimitedTable(TextReader reader, string file, char separator)
    {
        (_reader, _file, _separator) = (reader, file, separator);
        Header = ReadCells() ?? [];
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (Header.FirstOrDefault(name => !names.Add(name)) is { } twice)
        {
            throw new CheckpointException(_file, $"line 1: two columns are named '{twice}'");
        }
    }

    /// <summary>Names of the columns; none in an empty file.</summary>
    public IReadOnlyList<string> Header { get; }

    /// <summary>Reads the rows after the header; blank lines are passed over.</summary>
    /// <returns>The rows, as they are asked for.</returns>
    /// <exception cref="CheckpointException">A row has another number of cells, or a cell is not closed.</exception>
    public IEnumerable<DelimitedRow> Rows()
    {
        while (ReadCells() is { } cells)
        {
            if (cells is [""])
            {
                continue;
            }

            yield return cells.Count == Header.Count ? new DelimitedRow(cells, _start) : throw new CheckpointException(
                _file,
                $"line {_start}: has {cells.Count} cells, the header has {Header.Count} ({string.Join(", ", Header)})");
        }
    }

    private List<string>? ReadCells()
    {
        while (_reader.Peek() is '\r' or '\n')
        {
            NextCell();
        }

        _start = _line;
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
        _cell.Clear();
        while (_reader.Peek() is var next && next >= 0 && next != _separator && next is not ('\n' or '\r'))
        {
            _cell.Append((char)_reader.Read());
        }

        return _cell.ToString();
    }

    private string ReadQuoted()
    {
        int opened = _line;
        _cell.Clear();
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
                return _cell.ToString();
            }

            if (next == '"')
            {
                _reader.Read();
            }

            _line += next == '\n' ? 1 : 0;
            _cell.Append((char)next);
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
            throw new CheckpointException(_file, $"line {_line}: '{(char)end}' follows a quoted cell; expected a "
                + $"separator or the end of the line");
        }

        _line++;
        return false;
    }
}
