namespace Hypercompress.InCode;

/// <summary>Writes a line when a phase begins.</summary>
/// <param name="output">Gets the lines, on the thread of the run.</param>
internal sealed class PhaseLines(TextWriter output) : IProgress<CompressionProgress>
{
    /// <inheritdoc/>
    public void Report(CompressionProgress value)
    {
        if (value is { Fraction: 0, Detail: "" })
        {
            output.WriteLine($"{value.Phase} …");
        }
    }
}
