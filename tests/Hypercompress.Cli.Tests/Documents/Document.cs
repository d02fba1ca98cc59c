using System.Text.RegularExpressions;
using Hypercompress.TestKit;

namespace Hypercompress.Cli.Tests.Documents;

/// <summary>A Markdown file of the repository.</summary>
internal sealed record Document(string Path, string Text)
{
    private static readonly string[] Folders = ["docs", "src", "samples", "bench"];
    private static readonly string[] BuildFolders = ["bin", "obj", "artifacts"];

    /// <summary>The repository's folder.</summary>
    public static string Root => RepositoryFiles.Root;

    /// <summary>All Markdown files of the repository.</summary>
    public static IReadOnlyList<Document> All { get; } =
    [
        .. Directory.EnumerateFiles(Root, "*.md")
            .Concat(Folders.SelectMany(folder => Directory.EnumerateFiles(
                System.IO.Path.Combine(Root, folder), "*.md", SearchOption.AllDirectories)))
            .Select(file => System.IO.Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(path => !path.Split('/').Intersect(BuildFolders).Any())
            .Order(StringComparer.Ordinal)
            .Select(Read),
    ];

    /// <summary>Reads one of them.</summary>
    public static Document Read(string path) => new(path, File.ReadAllText(System.IO.Path.Combine(Root, path)));

    /// <summary>The fenced blocks with their language.</summary>
    public IEnumerable<(string Language, string Code)> Blocks() => Regex
        .Matches(
            Text.ReplaceLineEndings("\n"),
            @"^```([^\n]*)\n(.*?)^```[ ]*$",
            RegexOptions.Multiline | RegexOptions.Singleline)
        .Select(block => (block.Groups[1].Value.Trim(), block.Groups[2].Value));

    /// <summary>The commands of all shell blocks, as words.</summary>
    public IEnumerable<string[]> Commands() => Blocks().Where(block => block.Language == "bash")
        .SelectMany(block => block.Code.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n'))
        .Select(ShellWords.Split)
        .Where(words => words.Length > 0);
}
