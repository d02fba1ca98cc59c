using System.Globalization;
using System.Text.RegularExpressions;

namespace Hypercompress.Cli.Commands.Diagnosis;

/// <summary>Memory that is free for a new program.</summary>
internal static partial class FreeMemory
{
    private const string Statistics = "/proc/meminfo";

    /// <summary>Reads what the system says.</summary>
    /// <returns>Bytes; null where the system does not say.</returns>
    public static long? Bytes() => File.Exists(Statistics) ? Parse(File.ReadAllText(Statistics)) : null;

    /// <summary>Reads the statistics of Linux.</summary>
    /// <param name="statistics">Lines such as <c>MemAvailable: 1024 kB</c>.</param>
    /// <returns>Bytes; null without that line.</returns>
    public static long? Parse(string statistics) => Available().Match(statistics) is { Success: true } found
        ? 1024 * long.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture)
        : null;

    [GeneratedRegex(@"^MemAvailable:\s+(\d{1,15}) kB", RegexOptions.Multiline)]
    private static partial Regex Available();
}
