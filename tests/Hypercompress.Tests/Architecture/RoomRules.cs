using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Hypercompress.Tests.Architecture;

/// <summary>The rules of the rooms (folders): each returns one sentence per breach.</summary>
internal static class RoomRules
{
    private const int MostFilesOfARoom = 25;
    private const int LongestMethod = 60;
    private const int LongestLine = 120;

    /// <summary>A room uses only the rooms that its arrows point to.</summary>
    public static IEnumerable<string> Arrows(FolderGraph graph, IReadOnlyDictionary<string, string[]> allowed) =>
        from arrow in graph.BetweenRooms()
        where !allowed.TryGetValue(arrow.From, out string[]? targets) || !targets.Contains(arrow.To)
        select $"{arrow.File}: {arrow.From} may not use {arrow.To}";

    /// <summary>Every arrow that is allowed is used.</summary>
    public static IEnumerable<string> UnusedArrows(FolderGraph graph, IReadOnlyDictionary<string, string[]> allowed) =>
        from room in allowed
        from target in room.Value
        where !graph.BetweenRooms().Any(arrow => arrow.From == room.Key && arrow.To == target)
        select $"{room.Key} does not use {target}; take the arrow out";

    /// <summary>No folder, at any depth, uses another that uses it in turn.</summary>
    public static IEnumerable<string> Cycles(FolderGraph graph)
    {
        ILookup<string, string> next = graph.Uses.Keys.ToLookup(arrow => arrow.From, arrow => arrow.To);
        foreach (((string from, string to), string file) in graph.Uses)
        {
            var reached = new HashSet<string> { to };
            var open = new Queue<string>(reached);
            while (open.TryDequeue(out string? folder))
            {
                next[folder].Where(reached.Add).ToList().ForEach(open.Enqueue);
            }

            if (reached.Contains(from))
            {
                yield return $"{file}: '{from}' uses '{to}', which leads back to it";
            }
        }
    }

    /// <summary>A folder holds no more files than a reader takes in.</summary>
    public static IEnumerable<string> CrowdedFolders(IReadOnlyList<SourceFile> files) => files
        .CountBy(file => Path.GetDirectoryName(file.Path)!)
        .Where(folder => folder.Value > MostFilesOfARoom)
        .Select(folder => $"{folder.Key} has {folder.Value} files; split it into rooms of at most {MostFilesOfARoom}");

    /// <summary>The namespace of a file follows its folder.</summary>
    public static IEnumerable<string> NamespacesFollowFolders(IReadOnlyList<SourceFile> files) =>
        from file in files
        let declared = Root(file).DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>()
            .FirstOrDefault()?.Name.ToString()
        let folder = string.Join('.', file.Path.Split('/')[1..^1])
        where declared is not null && declared != folder
        select $"{file.Path} is in the namespace {declared}";

    /// <summary>A method fits on a screen.</summary>
    public static IEnumerable<string> LongMethods(IReadOnlyList<SourceFile> files) =>
        from file in files
        from method in Root(file).DescendantNodes().OfType<BaseMethodDeclarationSyntax>()
        let span = method.SyntaxTree.GetLineSpan(method.Span)
        let lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1
        where lines > LongestMethod
        select $"{file.Path}: a method of {lines} lines begins in line {span.StartLinePosition.Line + 1}";

    /// <summary>A line fits in the width that the editor settings name.</summary>
    public static IEnumerable<string> LongLines(IReadOnlyList<SourceFile> files) =>
        from file in files
        from line in file.Text.Split('\n').Index()
        where line.Item.Length > LongestLine
        select $"{file.Path}: line {line.Index + 1} has {line.Item.Length} columns";

    private static SyntaxNode Root(SourceFile file) => CSharpSyntaxTree.ParseText(file.Text).GetRoot();
}
