namespace Hypercompress.TestKit;

/// <summary>Finds the folder of golden numbers and small real models that lies beside the repository.</summary>
public static class SharedFiles
{
    /// <summary>The folder, or null where it is absent.</summary>
    public static string? Root { get; } = Find();

    /// <summary>Path of a file or folder below the shared folder; skips the calling test when it is absent.</summary>
    /// <param name="relative">Path with forward slashes.</param>
    /// <returns>The full path.</returns>
    public static string Require(string relative)
    {
        Assert.SkipWhen(
            Root is null, $"needs {relative}: no shared folder beside the repository or in HYPERCOMPRESS_SHARED");
        string path = Path.Combine(Root!, relative);
        Assert.SkipUnless(Path.Exists(path), $"needs {relative}, which {Root} does not have");
        return path;
    }

    private static string? Find()
    {
        string? named = Environment.GetEnvironmentVariable("HYPERCOMPRESS_SHARED");
        if (!string.IsNullOrEmpty(named))
        {
            return Directory.Exists(named) ? named : null;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "shared");
            if (File.Exists(Path.Combine(candidate, "golden", "golden.json")))
            {
                return candidate;
            }
        }

        return null;
    }
}
