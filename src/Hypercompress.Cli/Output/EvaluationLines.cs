using System.Globalization;
using Hypercompress.Evaluation;

namespace Hypercompress.Cli.Output;

/// <summary>
/// Reports the progress of an evaluation with the remaining time: continuously on a terminal, elsewhere one line for
/// each finished text or task.
/// </summary>
/// <param name="terminal">Where the lines are written.</param>
/// <param name="clock">Measures the time.</param>
internal sealed class EvaluationLines(Terminal terminal, TimeProvider clock) : IProgress<EvaluationProgress>
{
    private readonly LiveLine? _live = terminal.IsInteractive ? terminal.LiveLine() : null;
    private long _started = clock.GetTimestamp();

    /// <summary>Name of the model that is scored, where there are several.</summary>
    public string? Model { get; set; }

    /// <inheritdoc/>
    public void Report(EvaluationProgress value)
    {
        TimeSpan elapsed = clock.GetElapsedTime(_started);
        bool done = value.Done == value.Total;
        string line = Line(value, elapsed);
        if (done)
        {
            _live?.Clear();
            terminal.Messages.WriteLine(line);
        }
        else
        {
            _live?.Show(line);
        }

        _started = done ? clock.GetTimestamp() : _started;
    }

    private string Line(EvaluationProgress value, TimeSpan elapsed)
    {
        string counted = value.Total > 0 ? $"{value.Done} of {value.Total} {value.Unit}" : $"{value.Done} {value.Unit}";
        double left = value.Done > 0 ? elapsed.TotalSeconds * (value.Total - value.Done) / value.Done : 0;
        string time = value.Done == value.Total || value.Total == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalSeconds:F1} s")
            : string.Create(CultureInfo.InvariantCulture, $"{left:F0} s left");
        string model = Model is null ? string.Empty : $"{Model} on ";
        return $"{model}{Path.GetFileName(value.Subject)}: {counted}, {time}";
    }
}
