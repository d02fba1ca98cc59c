namespace Hypercompress.Cli.Tests;

/// <summary>Presses Ctrl-C, so to speak, when a line appears.</summary>
internal sealed class CancellingWriter(CancellationTokenSource source, string line) : StringWriter
{
    public override void WriteLine(string? value)
    {
        base.WriteLine(value);
        if (value == line)
        {
            source.Cancel();
        }
    }
}
