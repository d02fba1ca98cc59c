using Hypercompress.Models.Files;
using Hypercompress.Models.Hub;

namespace Hypercompress.Cli.Output;

/// <summary>
/// Shows a download on a terminal: one live line for the current file, a plain one for each earlier file.
/// </summary>
/// <param name="line">Where it is shown.</param>
/// <param name="clock">Measures the rate.</param>
internal sealed class DownloadLine(LiveLine line, TimeProvider clock) : IProgress<HubProgress>
{
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(100);

    private string? _file;
    private long _started;
    private long _bytesBefore;
    private long _drawn;

    /// <inheritdoc/>
    public void Report(HubProgress value)
    {
        bool isNew = value.File != _file;
        if (isNew)
        {
            (_file, _bytesBefore) = (value.File, value.FileBytes);
            _started = clock.GetTimestamp();
        }

        bool isDone = value.FileBytes >= value.FileSize;
        if (isDone)
        {
            line.WriteLine($"downloaded {value.File} ({SizeText.Of(value.FileSize)})");
        }
        else if (isNew || clock.GetElapsedTime(_drawn) >= LeastPause)
        {
            _drawn = clock.GetTimestamp();
            Draw(value);
        }
    }

    private void Draw(HubProgress value)
    {
        TimeSpan elapsed = clock.GetElapsedTime(_started);
        long fetched = value.FileBytes - _bytesBefore;
        double rate = elapsed > TimeSpan.Zero ? fetched / elapsed.TotalSeconds : 0;
        double share = (double)value.FileBytes / value.FileSize;

        // What an earlier download left counts as done, but not as fetched in this time.
        TimeSpan asIfFromTheStart = fetched > 0 ? elapsed * ((double)value.FileBytes / fetched) : elapsed;
        line.Show(ProgressText.Fit(
            value.File, share, asIfFromTheStart, $"{SizeText.Of((long)rate)}/s", line.Columns, line.HasBlocks));
    }
}
