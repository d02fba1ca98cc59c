using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Hypercompress.Models.Files;

/// <summary>
/// A process, told apart from later ones with the same number by its start, and from others by its host.
/// </summary>
/// <param name="Process">Number of the process.</param>
/// <param name="Started">When it started, UTC.</param>
/// <param name="Host">Name of its machine or container.</param>
internal sealed record ProcessIdentity(int Process, DateTimeOffset Started, string Host)
{
    // The system derives the start from ticks since it was booted, and rounds.
    private static readonly TimeSpan Rounding = TimeSpan.FromSeconds(2);

    /// <summary>This process.</summary>
    public static ProcessIdentity Current { get; } = OfThisProcess();

    /// <summary>Whether it runs on this host now.</summary>
    public bool IsRunning => Host == Environment.MachineName && StartOf(Process) is { } started
        && (started - Started).Duration() < Rounding;

    /// <summary>When a process of this host started.</summary>
    /// <param name="process">Its number.</param>
    /// <returns>UTC; null where there is none, or where the system does not tell.</returns>
    internal static DateTimeOffset? StartOf(int process)
    {
        try
        {
            using var found = System.Diagnostics.Process.GetProcessById(process);
            return found.StartTime.ToUniversalTime();
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"process {Process} on {Host}, started {Started:yyyy-MM-dd HH:mm:ss} UTC");

    private static ProcessIdentity OfThisProcess()
    {
        using var own = System.Diagnostics.Process.GetCurrentProcess();
        return new ProcessIdentity(own.Id, own.StartTime.ToUniversalTime(), Environment.MachineName);
    }
}
