using System.Globalization;
using Hypercompress.Models.Files;
using Hypercompress.Models.Hub;

namespace Hypercompress.Cli.Output;

/// <summary>Writes a line for every file, and one for every tenth of a large one.</summary>
/// <param name="messages">Standard error.</param>
internal sealed class DownloadLines(TextWriter messages) : IProgress<HubProgress>
{
    private const long LargeBytes = 50_000_000;

    private string? _file;
    private long _tenths;

    /// <inheritdoc/>
    public void Report(HubProgress value)
    {
        long tenths = 10 * value.FileBytes / Math.Max(1, value.FileSize);
        if (_file != value.File)
        {
            string done = value.FileBytes > 0 ? $", {SizeText.Of(value.FileBytes)} already downloaded" : "";
            messages.WriteLine($"downloading {value.File} ({SizeText.Of(value.FileSize)}{done})");
        }
        else if (tenths > _tenths && value.FileSize >= LargeBytes)
        {
            messages.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"downloading {value.File}: {10 * tenths} %, "
                + $"{100.0 * value.TotalBytes / value.TotalSize:F0} % of all files"));
        }

        (_file, _tenths) = (value.File, tenths);
    }
}
