using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Hypercompress.Tests.Architecture;

/// <summary>Which folders of a project use the types of which others, as the compiler sees it.</summary>
/// <param name="Uses">For every pair of different folders, the first file of the one that uses the other.</param>
internal sealed record FolderGraph(ImmutableSortedDictionary<(string From, string To), string> Uses)
{
    private const string ImplicitUsings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
        """;

    private static readonly Lazy<ImmutableArray<MetadataReference>> References = new(() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(file => !Path.GetFileName(file).StartsWith("Hypercompress", StringComparison.Ordinal))
            .Select(file => MetadataReference.CreateFromFile(file)),
    ]);

    /// <summary>Binds every name of a type in a project and records the folder of its declaration.</summary>
    /// <param name="files">Sources of the project and of those that it refers to.</param>
    /// <param name="project">The project's folder, such as <c>src/Hypercompress</c>.</param>
    public static FolderGraph Of(IReadOnlyList<SourceFile> files, string project)
    {
        SyntaxTree[] trees = [.. files.Select(file => CSharpSyntaxTree.ParseText(file.Text, path: file.Path))];
        var compilation = CSharpCompilation.Create(
            "rooms",
            trees.Append(CSharpSyntaxTree.ParseText(ImplicitUsings)),
            References.Value,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        HashSet<string> types = [.. trees.SelectMany(DeclaredTypes)];
        var uses = ImmutableSortedDictionary.CreateBuilder<(string, string), string>();
        foreach (SyntaxTree tree in trees.Where(tree => IsIn(tree, project)))
        {
            string from = FolderOf(tree, project);
            foreach (string to in Targets(compilation.GetSemanticModel(tree), types, project).Where(to => to != from))
            {
                uses.TryAdd((from, to), tree.FilePath);
            }
        }

        return new FolderGraph(uses.ToImmutable());
    }

    /// <summary>The same arrows between rooms: the first folders below the project.</summary>
    public IEnumerable<(string From, string To, string File)> BetweenRooms() =>
        from use in Uses
        let arrow = (From: use.Key.From.Split('/')[0], To: use.Key.To.Split('/')[0])
        where arrow.From != arrow.To && arrow.From != "" && arrow.To != ""
        group use.Value by arrow into files
        select (files.Key.From, files.Key.To, files.First());

    private static IEnumerable<string> DeclaredTypes(SyntaxTree tree) => tree.GetRoot()
        .DescendantNodes(node => node is not TypeDeclarationSyntax)
        .Select(node =>
            (node as BaseTypeDeclarationSyntax)?.Identifier ?? (node as DelegateDeclarationSyntax)?.Identifier)
        .OfType<SyntaxToken>()
        .Select(name => name.ValueText);

    private static IEnumerable<string> Targets(SemanticModel model, HashSet<string> types, string project) =>
        model.SyntaxTree.GetRoot()
            .DescendantNodes(descendIntoTrivia: true)
            .OfType<SimpleNameSyntax>()
            .Where(name => types.Contains(name.Identifier.ValueText))
            .Where(name => name.FirstAncestorOrSelf<UsingDirectiveSyntax>() is null)
            .Select(name => model.GetSymbolInfo(name).Symbol)
            .Select(symbol => symbol as INamedTypeSymbol ?? (symbol as IMethodSymbol)?.ContainingType)
            .SelectMany(type => type?.DeclaringSyntaxReferences ?? [])
            .Select(reference => reference.SyntaxTree)
            .Where(tree => IsIn(tree, project))
            .Select(tree => FolderOf(tree, project))
            .Distinct();

    private static bool IsIn(SyntaxTree tree, string project) =>
        tree.FilePath.StartsWith(project + "/", StringComparison.Ordinal);

    private static string FolderOf(SyntaxTree tree, string project) =>
        (Path.GetDirectoryName(tree.FilePath) ?? "")[project.Length..].TrimStart('/').Replace('\\', '/');
}
