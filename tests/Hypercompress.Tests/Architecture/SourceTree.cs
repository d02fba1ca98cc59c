using Hypercompress.TestKit;

namespace Hypercompress.Tests.Architecture;

/// <summary>The files of the repository.</summary>
internal static class SourceTree
{
    private static readonly string[] BuildFolders = ["bin", "obj"];

    /// <summary>The C# files below <c>src</c>.</summary>
    public static IReadOnlyList<SourceFile> Sources { get; } = Read("src", "*.cs");

    /// <summary>All files below a folder.</summary>
    public static IReadOnlyList<SourceFile> Read(string folder, string pattern)
    {
        string root = RepositoryFiles.Root;
        return
        [
            .. Directory.EnumerateFiles(Path.Combine(root, folder), pattern, SearchOption.AllDirectories)
                .Select(file => (File: file, Path: Path.GetRelativePath(root, file).Replace('\\', '/')))
                .Where(pair => !pair.Path.Split('/').Intersect(BuildFolders).Any())
                .OrderBy(pair => pair.Path, StringComparer.Ordinal)
                .Select(pair => new SourceFile(pair.Path, File.ReadAllText(pair.File))),
        ];
    }
}
