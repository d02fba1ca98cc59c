using System.Text;

namespace Hypercompress.Reporting.Pages;

/// <summary>
/// Writes elements of a page. Every text and attribute is escaped: names and samples come from strangers.
/// </summary>
internal sealed class Markup
{
    private const char Replacement = '\uFFFD';
    private readonly StringBuilder _page = new();

    /// <summary>Opens an element.</summary>
    /// <param name="tag">Its name.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <returns>This.</returns>
    public Markup Open(string tag, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        _page.Append('<').Append(tag);
        foreach ((string name, string value) in attributes)
        {
            _page.Append(' ').Append(name).Append("=\"");
            Escape(value);
            _page.Append('"');
        }

        _page.Append('>');
        return this;
    }

    /// <summary>Closes an element.</summary>
    /// <param name="tag">Its name.</param>
    /// <returns>This.</returns>
    public Markup Close(string tag)
    {
        _page.Append("</").Append(tag).Append(">\n");
        return this;
    }

    /// <summary>Writes a text.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>This.</returns>
    public Markup Text(string text)
    {
        Escape(text);
        return this;
    }

    /// <summary>Writes an element that holds one text.</summary>
    /// <param name="tag">Its name.</param>
    /// <param name="text">Any text.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <returns>This.</returns>
    public Markup Element(string tag, string text, params ReadOnlySpan<(string Name, string Value)> attributes) =>
        Open(tag, attributes).Text(text).Close(tag);

    /// <summary>Writes a part of the program as it stands: its style and its script.</summary>
    /// <param name="source">Text that comes from no file of a model and from no user.</param>
    /// <returns>This.</returns>
    public Markup Own(string source)
    {
        _page.Append(source);
        return this;
    }

    /// <summary>The page so far.</summary>
    public override string ToString() => _page.ToString();

    private void Escape(string text)
    {
        foreach (Rune letter in text.EnumerateRunes())
        {
            _ = letter.Value switch
            {
                '&' => _page.Append("&amp;"),
                '<' => _page.Append("&lt;"),
                '>' => _page.Append("&gt;"),
                '"' => _page.Append("&quot;"),
                '\'' => _page.Append("&#39;"),
                '\n' or '\t' => _page.Append((char)letter.Value),
                _ => IsShown(letter) ? _page.Append(letter.ToString()) : _page.Append(Replacement),
            };
        }
    }

    // Control characters have no place in a page, and marks of direction could show a text in another order.
    private static bool IsShown(Rune letter) => !Rune.IsControl(letter)
        && letter.Value is not (>= 0x202A and <= 0x202E or >= 0x2066 and <= 0x2069 or 0xFFFE or 0xFFFF);
}
