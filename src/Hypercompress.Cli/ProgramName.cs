using Hypercompress.Cli.Output;

namespace Hypercompress.Cli;

/// <summary>How the program was started, so that the commands it suggests can be typed as they are.</summary>
internal static class ProgramName
{
    private const string ToolName = "hypercompress";
    private const string ToolPackage = "hypercompress.cli";

    /// <summary>The command of this process.</summary>
    public static string Command { get; } = Of(
        Environment.ProcessPath,
        typeof(ProgramName).Assembly.Location,
        Environment.CurrentDirectory,
        Environment.GetEnvironmentVariable("PATH"));

    /// <summary>The command that starts a program again.</summary>
    /// <param name="process">File of the process.</param>
    /// <param name="assembly">File of the program's assembly.</param>
    /// <param name="folder">The current folder.</param>
    /// <param name="searchPath">The folders in which a shell looks for commands.</param>
    /// <returns>
    /// <c>hypercompress</c> where a shell finds it, or where the program runs inside another one; else the path of the
    /// program, quoted where it needs to be.
    /// </returns>
    internal static string Of(string? process, string assembly, string folder, string? searchPath)
    {
        process = Installed(process);
        string file = Path.GetFileName(process) ?? string.Empty;
        string name = file.EndsWith(".exe", StringComparison.OrdinalIgnoreCase) ? file[..^".exe".Length] : file;
        if (name.Equals("dotnet", StringComparison.OrdinalIgnoreCase))
        {
            return $"dotnet {ResultText.Quoted(Near(assembly, folder))}";
        }

        bool isProgram = name == ToolName || name == Path.GetFileNameWithoutExtension(assembly);
        bool isFound = name == ToolName && (searchPath ?? string.Empty).Split(Path.PathSeparator)
            .Select(Path.TrimEndingDirectorySeparator)
            .Contains(Path.GetDirectoryName(process), StringComparer.Ordinal);
        return isProgram && !isFound ? ResultText.Quoted(Near(process!, folder)) : ToolName;
    }

    // What 'dotnet tool install' puts into a folder starts the program in a folder below.
    private static string? Installed(string? process)
    {
        string store = Path.Combine(Path.DirectorySeparatorChar + ".store", ToolPackage) + Path.DirectorySeparatorChar;
        int start = process?.IndexOf(store, StringComparison.Ordinal) ?? -1;
        return start < 0 ? process : Path.Combine(process![..(start + 1)], ToolName);
    }

    // Relative below the current folder; a shell wants a folder before the name of a program.
    private static string Near(string file, string folder)
    {
        string relative = Path.GetRelativePath(folder, file);
        return Path.IsPathRooted(relative) || relative.StartsWith("..", StringComparison.Ordinal)
            ? file
            : Path.Combine(".", relative);
    }
}
