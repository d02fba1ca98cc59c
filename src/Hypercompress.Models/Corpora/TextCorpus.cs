using System.Globalization;
using System.Text;
using Hypercompress.Models.Corpora.Parquet;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Corpora;

/// <summary>
/// Documents of text files, in the order of the files and of the lines or rows in them. A <c>.jsonl</c> or
/// <c>.ndjson</c> file has one per line (a JSON string, or an object with a text field), a <c>.json</c> file one per
/// item of its list, a <c>.csv</c>, <c>.tsv</c> or Parquet file one per row of its text column; any other text is one
/// document. gzip and Zstandard data are unpacked; a Parquet table is known by its content. Texts are strictly UTF-8,
/// and what is not text is refused by name. Nothing is read before it is asked for.
/// </summary>
public sealed class TextCorpus
{
    /// <summary>The field or column that holds the text when none is named.</summary>
    public const string DefaultField = "text";

    /// <summary>The blank line between two documents where they are joined.</summary>
    public const string DocumentSeparator = "\n\n";

    private const int MaxCharacters = 1 << 30;

    private readonly TextSource[] _sources;
    private readonly string _field;

    /// <summary>Names the files.</summary>
    /// <param name="files">One or more, as <c>FILE</c> or <c>FILE:COLUMN</c>, in the order in which they are
    /// read.</param>
    /// <param name="field">Field or column with the text in files that are named without one.</param>
    /// <exception cref="ConfigurationException">No file is given, or one without a name.</exception>
    /// <exception cref="CheckpointException">A file is missing.</exception>
    public TextCorpus(IEnumerable<string> files, string field = DefaultField)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentException.ThrowIfNullOrEmpty(field);
        _sources = [.. files.Select(TextSource.Parse)];
        _field = field;
        if (_sources.Length == 0)
        {
            throw new ConfigurationException("no text file is given; name at least one .txt, .jsonl or .parquet file");
        }

        foreach (TextSource source in _sources)
        {
            if (!Path.Exists(source.Path))
            {
                throw new CheckpointException(source.Path, "does not exist; check the path");
            }
        }
    }

    /// <summary>The files, in reading order.</summary>
    public IReadOnlyList<string> Files => [.. _sources.Select(source => source.Path)];

    /// <summary>Reads the documents one after the other; every call starts anew.</summary>
    /// <returns>The documents, empty ones included.</returns>
    /// <exception cref="CheckpointException">While reading: a malformed line (named) or an unreadable file.</exception>
    public IEnumerable<string> ReadDocuments() => _sources.SelectMany(Read);

    /// <summary>Reads documents as one text, a blank line between them.</summary>
    /// <param name="maxDocuments">How many at most; null for all.</param>
    /// <returns>The text.</returns>
    /// <exception cref="CheckpointException">A malformed line (named), an unreadable file, or too much
    /// text.</exception>
    public string ReadJoined(int? maxDocuments = null)
    {
        string? only = null;
        StringBuilder? joined = null;
        foreach (string document in maxDocuments is { } limit ? ReadDocuments().Take(limit) : ReadDocuments())
        {
            if (only is null)
            {
                only = document;
                continue;
            }

            joined ??= new StringBuilder(only);
            joined.Append(DocumentSeparator).Append(document);
            RequireSize(joined.Length);
        }

        return joined?.ToString() ?? only ?? string.Empty;
    }

    private void RequireSize(long characters)
    {
        if (characters > MaxCharacters)
        {
            throw new CheckpointException(_sources[^1].Path, string.Create(
                CultureInfo.InvariantCulture,
                $"holds more than {MaxCharacters} characters, more than one text may have: give a part of it"));
        }
    }

    private IEnumerable<string> Read(TextSource source)
    {
        using TextFile file = TextFile.Open(source.Path);
        if (source.Column is { } column && file.Format == TextFormat.Plain)
        {
            throw new CheckpointException(
                source.Path, $"is plain text, which has no column '{column}'; leave ':{column}' out");
        }

        foreach (string document in Read(file, source.Column ?? _field))
        {
            yield return document;
        }
    }

    private IEnumerable<string> Read(TextFile file, string field) => file.Format switch
    {
        TextFormat.JsonLines => JsonLinesReader.Read(file.Reader(), file.Path, field),
        TextFormat.Json => JsonTextReader.Read(file.ReadBytes(), file.Path, field),
        TextFormat.Commas => DelimitedTextReader.Read(file.Reader(), file.Path, field, ','),
        TextFormat.Tabs => DelimitedTextReader.Read(file.Reader(), file.Path, field, '\t'),
        TextFormat.Parquet => ParquetTextReader.Read(file.Path, field),
        _ => [file.ReadText()],
    };
}
