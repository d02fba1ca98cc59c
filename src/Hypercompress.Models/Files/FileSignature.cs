using System.Buffers.Binary;
using System.Text;

namespace Hypercompress.Models.Files;

/// <summary>The kind of a file by its first bytes; the name of a file says nothing certain about its content.</summary>
/// <param name="Description">The kind, for messages: <c>a PDF document</c>.</param>
/// <param name="Remedy">What to do where text or weights were expected.</param>
internal sealed record FileSignature(string Description, string Remedy)
{
    /// <summary>Bytes that <see cref="Find"/> looks at.</summary>
    public const int Length = 512;

    private const string Unpack = "unpack it first";
    private const string NameFile = "name a file of text";
    private const string Recode = "save it as UTF-8";
    private const int TarOffset = 257;
    private const long MaxSafetensorsHeader = 100_000_000;

    /// <summary>One or more gzip members.</summary>
    public static FileSignature Gzip { get; } = new("gzip data", Unpack);

    /// <summary>A Zstandard frame.</summary>
    public static FileSignature Zstandard { get; } = new("Zstandard data", Unpack);

    /// <summary>A Parquet table.</summary>
    public static FileSignature Parquet { get; } = new("a Parquet table", "name it without compression around it");

    /// <summary>A text of two or four bytes a character.</summary>
    public static FileSignature Utf16 { get; } = new("UTF-16 text", Recode);

    /// <summary>A bzip2 stream.</summary>
    public static FileSignature Bzip2 { get; } = new("bzip2 data", Unpack);

    /// <summary>An xz stream.</summary>
    public static FileSignature Xz { get; } = new("xz data", Unpack);

    /// <summary>A 7z archive.</summary>
    public static FileSignature SevenZip { get; } = new("a 7z archive", Unpack);

    /// <summary>A RAR archive.</summary>
    public static FileSignature Rar { get; } = new("a RAR archive", Unpack);

    /// <summary>A tar archive.</summary>
    public static FileSignature Tar { get; } = new("a tar archive", Unpack);

    /// <summary>A zip archive with at least one entry.</summary>
    public static FileSignature Zip { get; } =
        new("a zip archive (or an Office document or PyTorch checkpoint, which are zips)", Unpack);

    /// <summary>A pointer that Git LFS leaves in the place of a file.</summary>
    public static FileSignature GitLfsPointer { get; } =
        new("a Git LFS pointer, which stands for the file", "fetch the file itself (git lfs pull)");

    /// <summary>An HTML page.</summary>
    public static FileSignature HtmlPage { get; } = new(
        "an HTML page, as a failed download leaves it", "fetch the file itself, or extract the text");

    /// <summary>A GGUF model.</summary>
    public static FileSignature Gguf { get; } = new("a GGUF model", NameFile);

    /// <summary>A pickle of protocol 2 to 5.</summary>
    public static FileSignature Pickle { get; } = new("a pickle", NameFile);

    /// <summary>A safetensors file.</summary>
    public static FileSignature Safetensors { get; } = new("a safetensors file", NameFile);

    private static readonly (byte[] Prefix, FileSignature Kind)[] Prefixes =
    [
        ([0x1F, 0x8B], Gzip),
        ([0x28, 0xB5, 0x2F, 0xFD], Zstandard),
        ("PAR1"u8.ToArray(), Parquet),
        ("PARE"u8.ToArray(), new("an encrypted Parquet table", "decrypt it first")),
        ("BZh"u8.ToArray(), Bzip2),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], Xz),
        ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], SevenZip),
        ("Rar!\x1A"u8.ToArray(), Rar),
        ([0x04, 0x22, 0x4D, 0x18], new("LZ4 data", Unpack)),
        ([0x50, 0x4B, 0x03, 0x04], Zip),
        ([0x50, 0x4B, 0x05, 0x06], new("an empty zip archive", NameFile)),
        ("%PDF-"u8.ToArray(), new("a PDF document", "extract its text first")),
        ("{\\rtf"u8.ToArray(), new("an RTF document", "save it as plain text")),
        ("GGUF"u8.ToArray(), Gguf),
        ("ARROW1"u8.ToArray(), new("an Arrow table", "save it as Parquet or JSON lines")),
        ("ORC"u8.ToArray(), new("an ORC table", "save it as Parquet or JSON lines")),
        ([0x89, 0x48, 0x44, 0x46], new("an HDF5 file", NameFile)),
        ([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59], new("a NumPy array", NameFile)),
        ("SQLite format 3\0"u8.ToArray(), new("an SQLite database", "export the texts as CSV")),
        ([0x89, 0x50, 0x4E, 0x47], new("a PNG image", NameFile)),
        ([0xFF, 0xD8, 0xFF], new("a JPEG image", NameFile)),
        ([0x7F, 0x45, 0x4C, 0x46], new("a program", NameFile)),
        ("version https://git-lfs.github.com/"u8.ToArray(), GitLfsPointer),
        ([0xFF, 0xFE, 0, 0], new("UTF-32 text", Recode)),
        ([0, 0, 0xFE, 0xFF], new("UTF-32 text", Recode)),
        ([0xFF, 0xFE], Utf16),
        ([0xFE, 0xFF], Utf16),
    ];

    /// <summary>Recognises a file.</summary>
    /// <param name="head">Its first bytes: <see cref="Length"/> of them, or all.</param>
    /// <returns>Its kind; null for plain text and for what is not known.</returns>
    public static FileSignature? Find(ReadOnlySpan<byte> head)
    {
        foreach ((byte[] prefix, FileSignature kind) in Prefixes)
        {
            if (head.StartsWith(prefix))
            {
                return kind;
            }
        }

        return IsTar(head) ? Tar
            : IsPickle(head) ? Pickle
            : IsSafetensors(head) ? Safetensors
            : IsHtml(head) ? HtmlPage
            : IsWide(head) ? Utf16
            : null;
    }

    /// <summary>The words of a message about a file of this kind where text is read.</summary>
    /// <returns>Description and remedy.</returns>
    public override string ToString() => $"is {Description}, not text: {Remedy}";

    private static bool IsTar(ReadOnlySpan<byte> head) =>
        head.Length >= TarOffset + 5 && head[TarOffset..].StartsWith("ustar"u8);

    private static bool IsPickle(ReadOnlySpan<byte> head) => head is [0x80, >= 2 and <= 5, ..];

    private static bool IsSafetensors(ReadOnlySpan<byte> head) =>
        head.Length > sizeof(long) && head[sizeof(long)] == (byte)'{'
        && BinaryPrimitives.ReadInt64LittleEndian(head) is > 1 and <= MaxSafetensorsHeader;

    private static bool IsHtml(ReadOnlySpan<byte> head)
    {
        string start = Encoding.Latin1.GetString(head).TrimStart('ï', '»', '¿', ' ', '\t', '\r', '\n');
        return start.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase)
            || start.StartsWith("<html", StringComparison.OrdinalIgnoreCase)
            || start.StartsWith("<head", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>
    /// Whether every other byte is zero in at least a third of the pairs, as in UTF-16 without a mark.
    /// </summary>
    private static bool IsWide(ReadOnlySpan<byte> head)
    {
        Span<int> zeros = [0, 0];
        for (int i = 0; i < head.Length; i++)
        {
            zeros[i & 1] += head[i] == 0 ? 1 : 0;
        }

        return Math.Max(zeros[0], zeros[1]) > head.Length / 6 && Math.Min(zeros[0], zeros[1]) == 0;
    }
}
