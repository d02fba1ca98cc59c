using System.Text;

namespace Hypercompress.Models.Tokenization;

/// <summary>Text that every encoding can hold.</summary>
internal static class WellFormedText
{
    /// <summary>The text with U+FFFD in the place of surrogates that have no partner.</summary>
    public static string WithoutLoneSurrogates(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            return text;
        }

        var output = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            output.Append(rune);
        }

        return output.ToString();
    }
}
