using System.Globalization;
using Hypercompress.Evaluation;

namespace Hypercompress.Cli.Output;

/// <summary>Tells how far an evaluation is and how long it will take: on a terminal all the time, elsewhere when a subject is done.</summary>
/// <param name="terminal">Where.</param>
/// <param name="clock">The clock.</param>
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
            terminal.Messages.Write($"\r{Line(value, elapsed)}  ");
            terminal.Messages.Write(done ? Environment.NewLine : string.Empty);
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
