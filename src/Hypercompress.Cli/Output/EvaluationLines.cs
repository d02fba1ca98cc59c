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
    private long _started = clock.GetTimestamp();

    /// <inheritdoc/>
    public void Report(EvaluationProgress value)
    {
        TimeSpan elapsed = clock.GetElapsedTime(_started);
        bool done = value.Done == value.Total;
        if (terminal.IsInteractive)
        {
            terminal.Screen.Write($"\r{PrintableText.Of(Line(value, elapsed))}  ");
            terminal.Screen.Write(done ? Environment.NewLine : string.Empty);
        }
        else if (done)
        {
            terminal.Messages.WriteLine(Line(value, elapsed));
        }

        _started = done ? clock.GetTimestamp() : _started;
    }

    private static string Line(EvaluationProgress value, TimeSpan elapsed)
    {
        string counted = value.Total > 0 ? $"{value.Done} of {value.Total} {value.Unit}" : $"{value.Done} {value.Unit}";
        double left = value.Done > 0 ? elapsed.TotalSeconds * (value.Total - value.Done) / value.Done : 0;
        string time = value.Done == value.Total || value.Total == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalSeconds:F1} s")
            : string.Create(CultureInfo.InvariantCulture, $"{left:F0} s left");
        return $"{Path.GetFileName(value.Subject)}: {counted}, {time}";
    }
}
