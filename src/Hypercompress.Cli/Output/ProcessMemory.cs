using System.Diagnostics;

namespace Hypercompress.Cli.Output;

/// <summary>The memory of this process.</summary>
internal static class ProcessMemory
{
    /// <summary>The most that was in memory at a time, in bytes.</summary>
    public static long Peak()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
