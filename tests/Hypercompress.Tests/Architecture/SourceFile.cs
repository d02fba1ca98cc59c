namespace Hypercompress.Tests.Architecture;

/// <summary>A file of the repository.</summary>
/// <param name="Path">Path below the repository, with forward slashes.</param>
/// <param name="Text">Its text.</param>
internal sealed record SourceFile(string Path, string Text)
{
    /// <summary>The text without comments and without what stands in quotes; lines stay where they are.</summary>
    public string Code { get; } = Path.EndsWith(".cs", StringComparison.Ordinal) ? CSharpText.OnlyCode(Text) : Text;

    /// <summary>Name without folder and ending.</summary>
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>True for a file somewhere below a folder.</summary>
    public bool IsIn(string folder) => Path.StartsWith(folder + "/", StringComparison.Ordinal);
}
