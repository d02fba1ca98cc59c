using Hypercompress.Cli.Output;

namespace Hypercompress.Cli.Tests.Output;

public sealed class PrintableTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("ümläut → 漢字 🙂\tx\ny", "ümläut → 漢字 🙂\tx\ny")]
    [InlineData("a\r\nb", "a\r\nb")]
    [InlineData("a\rb", @"a\x0db")]
    [InlineData("\u001b[2J", @"\x1b[2J")]
    [InlineData("\u009b31m", @"\x9b31m")]
    [InlineData("\u0007\u0000\u007f", @"\x07\x00\x7f")]
    [InlineData("a\u202eb\u2066", @"a\u202eb\u2066")]
    public void Of_EscapesWhatSteersATerminal(string text, string expected) =>
        Assert.Equal(expected, PrintableText.Of(text));

    [Fact]
    public void Writer_LetsOnlyPrintableTextThrough()
    {
        using var inner = new StringWriter { NewLine = "\n" };
        using var writer = new PrintableWriter(inner);
        writer.Write('\u001b');
        writer.Write("a\u001bb");
        writer.WriteLine("c\u0007");
        writer.WriteLine();
        writer.Write(['d', '\b'], 0, 2);

        Assert.Equal("\\x1ba\\x1bbc\\x07\n\nd\\x08", inner.ToString());
    }
}
