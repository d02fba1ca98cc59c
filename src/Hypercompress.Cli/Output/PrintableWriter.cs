using System.Text;

namespace Hypercompress.Cli.Output;

/// <summary>A writer that makes text printable: <see cref="PrintableText"/>.</summary>
/// <param name="inner">Gets the text; not disposed here.</param>
internal sealed class PrintableWriter(TextWriter inner) : TextWriter(inner.FormatProvider)
{
    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => Write(value.ToString());

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(string? value) => inner.Write(PrintableText.Of(value ?? string.Empty));

    /// <inheritdoc/>
    public override void WriteLine() => inner.WriteLine();

    /// <inheritdoc/>
    public override void WriteLine(string? value) => inner.WriteLine(PrintableText.Of(value ?? string.Empty));

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();
}
