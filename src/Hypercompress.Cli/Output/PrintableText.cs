using System.Buffers;
using System.Globalization;
using System.Text;

namespace Hypercompress.Cli.Output;

/// <summary>
/// Text that a terminal can be given although it comes from a file: control characters, with which a terminal can be
/// steered, and marks that reverse the direction of text are written as escapes.
/// </summary>
internal static class PrintableText
{
    private static readonly SearchValues<char> Steering = SearchValues.Create(
        [.. Enumerable.Range(0, char.MaxValue).Select(code => (char)code).Where(IsSteering)]);

    /// <summary>Makes a text printable.</summary>
    /// <param name="text">Any text; line ends and tabs stay.</param>
    /// <returns>The same text with escapes such as <c>\x1b</c> in place of control characters.</returns>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.AsSpan().ContainsAny(Steering))
        {
            return text;
        }

        var printable = new StringBuilder(text.Length + 16);
        for (int i = 0; i < text.Length; i++)
        {
            bool endsLine = text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n';
            if (!Steering.Contains(text[i]) || endsLine)
            {
                printable.Append(text[i]);
            }
            else
            {
                string format = text[i] < 0x100 ? @"\x{0:x2}" : @"\u{0:x4}";
                printable.AppendFormat(CultureInfo.InvariantCulture, format, (int)text[i]);
            }
        }

        return printable.ToString();
    }

    private static bool IsSteering(char character) =>
        (char.IsControl(character) && character is not ('\n' or '\t'))
        || character is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
