namespace Hypercompress.Cli.Tests.Resuming;

/// <summary>Does something when a line appears.</summary>
internal sealed class ActingWriter(string line, Action act) : StringWriter
{
    public override void WriteLine(string? value)
    {
        base.WriteLine(value);
        if (value == line)
        {
            act();
        }
    }
}
