using Hypercompress.Evaluation;

namespace Hypercompress.Cli.Output;

/// <summary>Tells on a terminal how far an evaluation is.</summary>
/// <param name="terminal">Where.</param>
internal sealed class EvaluationLines(Terminal terminal) : IProgress<EvaluationProgress>
{
    /// <inheritdoc/>
    public void Report(EvaluationProgress value)
    {
        if (terminal.IsInteractive)
        {
            terminal.Messages.Write($"\r{Path.GetFileName(value.File)}: window {value.Done} of {value.Windows} ");
            if (value.Done == value.Windows)
            {
                terminal.Messages.WriteLine();
            }
        }
    }
}
