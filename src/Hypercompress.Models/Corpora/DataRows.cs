using System.Collections.Immutable;
using Hypercompress.Models.Corpora.Parquet;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Corpora;

/// <summary>
/// Reads rows with named fields: JSON lines, CSV with a header (RFC 4180), TSV with a header (no quoting, as GLUE
/// publishes it), Parquet. Cells of CSV and TSV are texts, except those that are a JSON list or object. Files are
/// unpacked and checked as texts are (<see cref="TextCorpus"/>).
/// </summary>
public static class DataRows
{
    /// <summary>The endings of files that can be read, in the order in which they are looked for.</summary>
    public static ImmutableArray<string> Extensions { get; } = [".jsonl", ".csv", ".tsv", ".parquet"];

    /// <summary>Reads a file, row by row.</summary>
    /// <param name="file">Its path.</param>
    /// <returns>The rows in order; blank lines are passed over.</returns>
    /// <exception cref="CheckpointException">
    /// The file cannot be read, is of another kind, or has a malformed row; the message gives the line.
    /// </exception>
    public static IEnumerable<DataRow> Read(string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        using TextFile text = TextFile.Open(file);
        IEnumerable<DataRow> rows = text.Format switch
        {
            TextFormat.JsonLines => JsonRowReader.Read(text.Reader(), file),
            TextFormat.Commas => DelimitedRowReader.Read(text.Reader(), file, ','),
            TextFormat.Tabs => DelimitedRowReader.Read(text.Reader(), file, '\t'),
            TextFormat.Parquet => ParquetRowReader.Read(file),
            _ => throw new CheckpointException(file, $"is none of {string.Join(", ", Extensions)}"),
        };
        foreach (DataRow row in rows)
        {
            yield return row;
        }
    }

    /// <summary>Reads JSON lines of a text.</summary>
    /// <param name="reader">The text; read as the rows are asked for.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <returns>The rows in order.</returns>
    /// <exception cref="CheckpointException">A line is not a JSON object.</exception>
    public static IEnumerable<DataRow> ReadJsonLines(TextReader reader, string name) =>
        JsonRowReader.Read(reader, name);
}
