namespace Hypercompress.TestKit;

/// <summary>Finds the repository that the running tests were built from.</summary>
/// <remarks>
/// The search starts at the test program, not at the path of a source file: a build for release writes
/// <c>/_/</c> in place of the repository's path.
/// </remarks>
public static class RepositoryFiles
{
    /// <summary>The folder of the repository.</summary>
    public static string Root { get; } = Find();

    /// <summary>The full path of a file or folder of the repository.</summary>
    /// <param name="relative">Path below the root, with forward slashes.</param>
    /// <returns>The full path.</returns>
    public static string PathOf(string relative) => System.IO.Path.Combine(Root, relative);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Hypercompress.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException(
            $"no folder above {AppContext.BaseDirectory} holds Hypercompress.slnx");
    }
}
