using System.Buffers.Binary;
using System.Text;

namespace Hypercompress.Models.Checkpoints;

/// <summary>
/// Recognizes what people have in the place of a model's file: pointers of Git LFS, web pages, archives, files of
/// another format.
/// </summary>
internal static class ForeignContent
{
    /// <summary>The most bytes from the start of a file that are looked at.</summary>
    public const int NeededBytes = 512;

    private const int TarMarkAt = 257;
    private const int ShownCharacters = 80;
    private const ulong LargestHeader = 100_000_000;

    /// <summary>Says what a file is when it is not a file of any model, whatever its name says.</summary>
    /// <param name="start">Its first bytes, up to <see cref="NeededBytes"/> of them.</param>
    /// <returns>What it is and what to do, as the rest of a sentence; null when nothing is recognized.</returns>
    public static string? Describe(ReadOnlySpan<byte> start) => start switch
    {
        _ when start.StartsWith("version https://git-lfs.github.com/"u8) =>
            "is a pointer of Git LFS and not the file itself; run `git lfs pull` in its folder, "
                + "or download the file again",
        _ when IsWebPage(start) =>
            "is a web page and not a file of a model: the download gave a page, perhaps one that asks to log in; "
                + "download the file itself",
        _ when Archive(start) is { } archive => $"is a {archive}; unpack it and give what is in it",
        _ => null,
    };

    /// <summary>Says what a file is when it does not hold weights in the format that its name says.</summary>
    /// <param name="start">Its first bytes, up to <see cref="NeededBytes"/> of them.</param>
    /// <returns>What it is and what to do, as the rest of a sentence; null when nothing is recognized.</returns>
    public static string? DescribeWeights(ReadOnlySpan<byte> start) => Describe(start) ?? start switch
    {
        [] => "is empty; download it again",
        _ when start.StartsWith("PK\x03\x04"u8) =>
            "is a zip archive: a file of torch.save has to be named pytorch_model.bin; unpack any other",
        _ when start.StartsWith("GGUF"u8) => "is a GGUF file; its name has to end in .gguf",
        _ when start is [0x80, 2 or 3 or 4 or 5, ..] =>
            "is a pickle, as torch.save writes it; its name has to be pytorch_model.bin",
        _ when start.Length > 9 && start[8] == '{' && BinaryPrimitives.ReadUInt64LittleEndian(start) <= LargestHeader =>
            "is a safetensors file; its name has to end in .safetensors",
        _ when start[0] is (byte)'{' or (byte)'[' =>
            $"is JSON and not weights, perhaps the error message of a server: {Shown(start)}",
        _ => null,
    };

    private static bool IsWebPage(ReadOnlySpan<byte> start)
    {
        string text = Encoding.ASCII.GetString(start[..Math.Min(start.Length, 64)])
            .TrimStart('?', ' ', '\t', '\r', '\n');
        return text.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("<head", StringComparison.OrdinalIgnoreCase);
    }

    private static string? Archive(ReadOnlySpan<byte> start) => start switch
    {
        [0x1F, 0x8B, 8, ..] => "gzip archive",
        [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, ..] => "xz archive",
        [0x28, 0xB5, 0x2F, 0xFD, ..] => "zstd archive",
        [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9', ..] => "bzip2 archive",
        [(byte)'7', (byte)'z', 0xBC, 0xAF, 0x27, 0x1C, ..] => "7z archive",
        [(byte)'R', (byte)'a', (byte)'r', (byte)'!', ..] => "RAR archive",
        _ when start.Length > TarMarkAt + 5 && start[TarMarkAt..].StartsWith("ustar"u8) => "tar archive",
        _ => null,
    };

    private static string Shown(ReadOnlySpan<byte> start)
    {
        string text = Encoding.UTF8.GetString(start[..Math.Min(start.Length, ShownCharacters)]);
        return string.Concat(text.Select(character => char.IsControl(character) ? ' ' : character));
    }
}
