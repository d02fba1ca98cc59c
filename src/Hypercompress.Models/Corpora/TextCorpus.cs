using System.Text;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Corpora;

/// <summary>
/// Documents of text files, in the order of the files and of the lines or rows in them. A <c>.txt</c>, <c>.md</c>,
/// <c>.raw</c> or <c>.tokens</c> file is one document, a <c>.jsonl</c> or <c>.ndjson</c> file has one per line (a JSON
/// string, or an object with a text field), a <c>.parquet</c> file one per row. Nothing is read before it is asked for.
/// </summary>
public sealed class TextCorpus
{
    /// <summary>The field or column that holds the text when none is named.</summary>
    public const string DefaultField = "text";

    /// <summary>What stands between two documents where they are joined: a blank line.</summary>
    public const string DocumentSeparator = "\n\n";

    private readonly string _field;

    /// <summary>Names the files.</summary>
    /// <param name="files">One or more paths, in the order that they are read.</param>
    /// <param name="field">JSON field or Parquet column with the text.</param>
    /// <exception cref="ConfigurationException">No file is given.</exception>
    /// <exception cref="CheckpointException">A file is missing or of an unknown kind.</exception>
    public TextCorpus(IEnumerable<string> files, string field = DefaultField)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentException.ThrowIfNullOrEmpty(field);
        Files = [.. files];
        _field = field;
        if (Files.Count == 0)
        {
            throw new ConfigurationException("no text file is given; name at least one .txt, .jsonl or .parquet file");
        }

        foreach (string file in Files)
        {
            Reader(file);
            if (!File.Exists(file))
            {
                throw new CheckpointException(file, "does not exist");
            }
        }
    }

    /// <summary>The files, in reading order.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>Whether a file holds documents in a format of their own, not text as it is.</summary>
    /// <param name="file">Its path.</param>
    public static bool HoldsRecords(string file) => RecordReader(file, DefaultField) is not null;

    /// <summary>Reads the documents one after the other; every call starts anew.</summary>
    /// <returns>The documents, empty ones included.</returns>
    /// <exception cref="CheckpointException">While reading: a malformed line (named) or an unreadable file.</exception>
    public IEnumerable<string> ReadDocuments() => Files.SelectMany(file => Reader(file)(file));

    /// <summary>Reads documents as one text, a blank line between them.</summary>
    /// <param name="maxDocuments">How many at most; null for all.</param>
    /// <returns>The text.</returns>
    /// <exception cref="CheckpointException">A malformed line (named) or an unreadable file.</exception>
    public string ReadJoined(int? maxDocuments = null)
    {
        var documents = maxDocuments is { } limit ? ReadDocuments().Take(limit) : ReadDocuments();
        return string.Join(DocumentSeparator, documents);
    }

    private static IEnumerable<string> ReadWhole(string file)
    {
        string text;
        try
        {
            text = File.ReadAllText(file, new UTF8Encoding(false, throwOnInvalidBytes: true));
        }
        catch (Exception problem) when (problem is DecoderFallbackException)
        {
            throw new CheckpointException(file, "is not UTF-8 text", problem);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(file, $"cannot be read: {problem.Message}", problem);
        }

        yield return text;
    }

    private Func<string, IEnumerable<string>> Reader(string file) => RecordReader(file, _field) ?? Extension(file) switch
    {
        ".txt" or ".md" or ".raw" or ".tokens" => ReadWhole,
        var other => throw new CheckpointException(
            file, $"has the extension '{other}'; .txt, .md, .raw, .tokens, .jsonl, .ndjson and .parquet are read"),
    };

    private static Func<string, IEnumerable<string>>? RecordReader(string file, string field) => Extension(file) switch
    {
        ".jsonl" or ".ndjson" => path => JsonLinesReader.Read(path, field),
        ".parquet" => path => ParquetTextReader.Read(path, field),
        _ => null,
    };

    private static string Extension(string file) => Path.GetExtension(file).ToLowerInvariant();
}
