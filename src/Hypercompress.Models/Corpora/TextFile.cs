using System.Globalization;
using System.Text;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Files;

namespace Hypercompress.Models.Corpora;

/// <summary>
/// A text file that is open: unpacked where it is gzip or Zstandard data, strictly UTF-8, and known by its content
/// before its name. Everything that reads texts reads them through this.
/// </summary>
internal sealed class TextFile : IDisposable
{
    private const int BufferBytes = 1 << 16;
    private const long OrdinaryBytes = 64 << 20;
    private const long MaxSize = 1 << 30;

    private readonly Stream _content;

    private TextFile(string path, Stream content, TextFormat format) =>
        (Path, _content, Format) = (path, content, format);

    /// <summary>Path of the file.</summary>
    public string Path { get; }

    /// <summary>Its layout.</summary>
    public TextFormat Format { get; }

    /// <summary>Whether a file has the name of a JSON file, which may hold token ids.</summary>
    /// <param name="path">Its path.</param>
    /// <returns>True for <c>.json</c>, packed or not.</returns>
    public static bool IsJson(string path) =>
        System.IO.Path.GetExtension(Unpacked(path)).Equals(".json", StringComparison.OrdinalIgnoreCase);

    /// <summary>Opens a file.</summary>
    /// <param name="path">Its path.</param>
    /// <returns>The file; the caller disposes it.</returns>
    /// <exception cref="CheckpointException">It cannot be read, or is not text; the message says what it
    /// is.</exception>
    public static TextFile Open(string path)
    {
        FileStream stream = OpenRaw(path);
        try
        {
            return Open(path, stream);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The content as characters; a byte order mark is passed over.</summary>
    /// <returns>A reader; the file owns what it reads from.</returns>
    public StreamReader Reader() => new(
        _content, new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true,
        BufferBytes);

    /// <summary>Reads the whole content as one text.</summary>
    /// <returns>The text, without a byte order mark.</returns>
    /// <exception cref="CheckpointException">It is not UTF-8, cannot be read, or is too large.</exception>
    public string ReadText()
    {
        using StreamReader reader = Reader();
        var text = new StringBuilder();
        char[] buffer = new char[BufferBytes];
        for (int count; (count = reader.Read(buffer)) > 0;)
        {
            text.Append(buffer, 0, count);
            RequireSize(text.Length);
        }

        return text.ToString();
    }

    /// <summary>Reads the whole content as bytes of UTF-8.</summary>
    /// <returns>The bytes, without a byte order mark.</returns>
    /// <exception cref="CheckpointException">As for <see cref="ReadText"/>.</exception>
    public ReadOnlyMemory<byte> ReadBytes()
    {
        using var bytes = new MemoryStream();
        byte[] buffer = new byte[BufferBytes];
        for (int count; (count = _content.Read(buffer)) > 0;)
        {
            bytes.Write(buffer, 0, count);
            RequireSize(bytes.Length);
        }

        ReadOnlyMemory<byte> whole = bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
        return whole.Span.StartsWith(Encoding.UTF8.Preamble) ? whole[Encoding.UTF8.Preamble.Length..] : whole;
    }

    /// <inheritdoc/>
    public void Dispose() => _content.Dispose();

    private void RequireSize(long size)
    {
        if (size > MaxSize)
        {
            throw new CheckpointException(Path, string.Create(
                CultureInfo.InvariantCulture,
                $"is larger than {MaxSize} bytes, the most that is read as one: split it"));
        }
    }

    private static FileStream OpenRaw(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(path, ReadFault.Describe(path, fault), fault);
        }
    }

    private static TextFile Open(string path, FileStream file)
    {
        var stream = new HeadStream(file);
        FileSignature? kind = Signature(path, stream);
        return kind is null ? new TextFile(path, new Utf8Stream(stream, path), FormatOf(path))
            : kind == FileSignature.Parquet ? new TextFile(path, stream, TextFormat.Parquet)
            : kind == FileSignature.Gzip || kind == FileSignature.Zstandard ? Unpack(path, stream, kind, LengthOf(file))
            : throw new CheckpointException(path, kind.ToString());
    }

    private static TextFile Unpack(string path, Stream packed, FileSignature kind, long length)
    {
        var stream = new HeadStream(new DecompressedStream(packed, kind, length, path));
        return Signature(path, stream) is { } inner
            ? throw new CheckpointException(path, $"is {kind.Description} around {inner.Description}: {inner.Remedy}")
            : new TextFile(path, new Utf8Stream(stream, path, " of the unpacked text"), FormatOf(path));
    }

    private static FileSignature? Signature(string path, HeadStream stream)
    {
        try
        {
            return FileSignature.Find(stream.Peek(FileSignature.Length));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(path, ReadFault.Describe(path, fault), fault);
        }
    }

    /// <summary>A pipe does not say how long it is; it may give what an ordinary file would.</summary>
    private static long LengthOf(FileStream file) => file.CanSeek ? file.Length : OrdinaryBytes;

    private static TextFormat FormatOf(string path) =>
        System.IO.Path.GetExtension(Unpacked(path)).ToLowerInvariant() switch
        {
            ".jsonl" or ".ndjson" => TextFormat.JsonLines,
            ".json" => TextFormat.Json,
            ".csv" => TextFormat.Commas,
            ".tsv" => TextFormat.Tabs,
            ".parquet" => throw new CheckpointException(path, "is not a Parquet table: it does not begin with PAR1"),
            _ => TextFormat.Plain,
        };

    private static string Unpacked(string path) =>
        System.IO.Path.GetExtension(path).ToLowerInvariant() is ".gz" or ".gzip" or ".zst" or ".zstd"
            ? System.IO.Path.GetFileNameWithoutExtension(path)
            : path;
}
