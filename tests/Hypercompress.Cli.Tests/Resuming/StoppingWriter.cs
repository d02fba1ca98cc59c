namespace Hypercompress.Cli.Tests.Resuming;

/// <summary>Presses Ctrl-C, so to speak, after a number of lines.</summary>
internal sealed class StoppingWriter(CancellationTokenSource source, int lines) : StringWriter
{
    private int _seen;

    public override void WriteLine(string? value)
    {
        base.WriteLine(value);
        if (++_seen == lines)
        {
            source.Cancel();
        }
    }
}
