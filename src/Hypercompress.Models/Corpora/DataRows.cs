using System.Collections.Immutable;
using System.Text;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Corpora;

/// <summary>
/// Reads rows with named fields: JSON lines, CSV with a header (RFC 4180), TSV with a header (no quoting, as GLUE
/// publishes it), Parquet. Cells of CSV and TSV are texts, except those that are a JSON list or object.
/// </summary>
public static class DataRows
{
    /// <summary>The endings of files that can be read, in the order in which they are looked for.</summary>
    public static ImmutableArray<string> Extensions { get; } = [".jsonl", ".csv", ".tsv", ".parquet"];

    /// <summary>Reads a file, row by row.</summary>
    /// <param name="file">Its path; the ending says what it is.</param>
    /// <returns>The rows in order; blank lines are passed over.</returns>
    /// <exception cref="CheckpointException">
    /// The file cannot be read, is of another kind, or has a malformed row; the message gives the line.
    /// </exception>
    public static IEnumerable<DataRow> Read(string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return Path.GetExtension(file).ToLowerInvariant() switch
        {
            ".jsonl" => WithReader(file, JsonRowReader.Read),
            ".csv" => WithReader(file, (reader, path) => DelimitedRowReader.Read(reader, path, ',')),
            ".tsv" => WithReader(file, (reader, path) => DelimitedRowReader.Read(reader, path, '\t')),
            ".parquet" => ParquetRowReader.Read(file),
            _ => throw new CheckpointException(file, $"is none of {string.Join(", ", Extensions)}"),
        };
    }

    /// <summary>Reads JSON lines of a text.</summary>
    /// <param name="reader">The text; read as the rows are asked for.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <returns>The rows in order.</returns>
    /// <exception cref="CheckpointException">A line is no JSON object.</exception>
    public static IEnumerable<DataRow> ReadJsonLines(TextReader reader, string name) => JsonRowReader.Read(reader, name);

    private static IEnumerable<DataRow> WithReader(string file, Func<TextReader, string, IEnumerable<DataRow>> read)
    {
        using StreamReader reader = Open(file);
        using IEnumerator<DataRow> rows = read(reader, file).GetEnumerator();
        while (Advance(rows, file))
        {
            yield return rows.Current;
        }
    }

    private static StreamReader Open(string file)
    {
        try
        {
            return new StreamReader(file, new UTF8Encoding(false, throwOnInvalidBytes: true));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(file, $"cannot be read: {problem.Message}", problem);
        }
    }

    private static bool Advance(IEnumerator<DataRow> rows, string file)
    {
        try
        {
            return rows.MoveNext();
        }
        catch (DecoderFallbackException problem)
        {
            throw new CheckpointException(file, "is not UTF-8", problem);
        }
        catch (IOException problem)
        {
            throw new CheckpointException(file, $"cannot be read: {problem.Message}", problem);
        }
    }
}
