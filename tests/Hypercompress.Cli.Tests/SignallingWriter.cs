namespace Hypercompress.Cli.Tests;

/// <summary>Tells when a text was written.</summary>
internal sealed class SignallingWriter(string awaited) : StringWriter
{
    private readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Seen => _seen.Task;

    public override void Write(char value)
    {
        base.Write(value);
        Look();
    }

    public override void Write(string? value)
    {
        base.Write(value);
        Look();
    }

    public override void WriteLine(string? value)
    {
        base.WriteLine(value);
        Look();
    }

    private void Look()
    {
        if (ToString().Contains(awaited, StringComparison.Ordinal))
        {
            _seen.TrySetResult();
        }
    }
}
