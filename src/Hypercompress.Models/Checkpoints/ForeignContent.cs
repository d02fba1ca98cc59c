using System.Text;
using Hypercompress.Models.Files;

namespace Hypercompress.Models.Checkpoints;

/// <summary>
/// Says what people have in the place of a model's file: pointers of Git LFS, web pages, archives, files of another
/// format, as <see cref="FileSignature"/> recognizes them.
/// </summary>
internal static class ForeignContent
{
    /// <summary>The most bytes from the start of a file that are looked at.</summary>
    public const int NeededBytes = FileSignature.Length;

    private const int ShownCharacters = 80;

    // Names of archives; what is in them may be the file that was meant.
    private static readonly Dictionary<FileSignature, string> Archives = new()
    {
        [FileSignature.Gzip] = "gzip",
        [FileSignature.Xz] = "xz",
        [FileSignature.Zstandard] = "zstd",
        [FileSignature.Bzip2] = "bzip2",
        [FileSignature.SevenZip] = "7z",
        [FileSignature.Rar] = "RAR",
        [FileSignature.Tar] = "tar",
    };

    // What a file is that holds weights in another format than its name says.
    private static readonly Dictionary<FileSignature, string> OtherWeights = new()
    {
        [FileSignature.Zip] =
            "is a zip archive: a file of torch.save has to be named pytorch_model.bin; unpack any other",
        [FileSignature.Gguf] = "is a GGUF file; its name has to end in .gguf",
        [FileSignature.Pickle] = "is a pickle, as torch.save writes it; its name has to be pytorch_model.bin",
        [FileSignature.Safetensors] = "is a safetensors file; its name has to end in .safetensors",
    };

    /// <summary>Says what a file is when it is not a file of any model, whatever its name says.</summary>
    /// <param name="start">Its first bytes, up to <see cref="NeededBytes"/> of them.</param>
    /// <returns>What it is and what to do, as the rest of a sentence; null when nothing is recognized.</returns>
    public static string? Describe(ReadOnlySpan<byte> start)
    {
        FileSignature? kind = FileSignature.Find(start);
        return kind == FileSignature.GitLfsPointer
            ? "is a pointer of Git LFS and not the file itself; run `git lfs pull` in its folder, or download the file "
                + "again"
            : kind == FileSignature.HtmlPage || IsXml(start)
            ? "is a web page and not a file of a model: the download gave a page, perhaps one that asks to log in; "
                + "download the file itself"
            : kind is not null && Archives.TryGetValue(kind, out string? archive)
            ? $"is a {archive} archive; unpack it and give what is in it"
            : null;
    }

    /// <summary>Says what a file is when it does not hold weights in the format that its name says.</summary>
    /// <param name="start">Its first bytes, up to <see cref="NeededBytes"/> of them.</param>
    /// <returns>What it is and what to do, as the rest of a sentence; null when nothing is recognized.</returns>
    public static string? DescribeWeights(ReadOnlySpan<byte> start) => Describe(start) ?? start switch
    {
        [] => "is empty; download it again",
        _ when FileSignature.Find(start) is { } kind => OtherWeights.GetValueOrDefault(kind),
        [(byte)'{' or (byte)'[', ..] =>
            $"is JSON and not weights, perhaps the error message of a server: {Shown(start)}",
        _ => null,
    };

    // A storage service answers with XML; a text may be XML, a file of a model is not.
    private static bool IsXml(ReadOnlySpan<byte> start) =>
        Encoding.Latin1.GetString(start[..Math.Min(start.Length, 64)])
            .TrimStart('ï', '»', '¿', ' ', '\t', '\r', '\n')
            .StartsWith("<?xml", StringComparison.OrdinalIgnoreCase);

    private static string Shown(ReadOnlySpan<byte> start)
    {
        string text = Encoding.UTF8.GetString(start[..Math.Min(start.Length, ShownCharacters)]);
        return string.Concat(text.Select(character => char.IsControl(character) ? ' ' : character));
    }
}
