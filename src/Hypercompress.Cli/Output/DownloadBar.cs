using Hypercompress.Models.Hub;
using Spectre.Console;

namespace Hypercompress.Cli.Output;

/// <summary>Draws a bar for every file.</summary>
/// <param name="context">Where bars are drawn.</param>
internal sealed class DownloadBar(ProgressContext context) : IProgress<HubProgress>
{
    private string? _file;
    private ProgressTask? _task;

    /// <inheritdoc/>
    public void Report(HubProgress value)
    {
        if (_task is null || _file != value.File)
        {
            _file = value.File;
            _task = context.AddTask(Markup.Escape(PrintableText.Of(value.File)), maxValue: Math.Max(1, value.FileSize));
        }

        _task.Value = value.FileBytes;
    }
}
