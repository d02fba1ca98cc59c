using System.Runtime.InteropServices;

namespace Hypercompress.Cli;

/// <summary>Ends the process in the middle of its work.</summary>
internal static partial class ProcessEnd
{
    /// <summary>
    /// Ends the process without running what usually runs at its end: native code that still computes would not
    /// survive it.
    /// </summary>
    /// <param name="code">The exit code.</param>
    public static void Now(ExitCode code)
    {
        if (OperatingSystem.IsWindows())
        {
            Environment.Exit((int)code);
        }

        Exit((int)code);
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int code);
}
