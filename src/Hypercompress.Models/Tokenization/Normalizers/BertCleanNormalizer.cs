using System.Globalization;
using System.Text;

namespace Hypercompress.Models.Tokenization.Normalizers;

/// <summary>
/// BERT's first step: drops control characters, makes all white space a space, sets ideographs apart.
/// </summary>
internal sealed class BertCleanNormalizer(bool cleanText, bool handleChineseChars) : INormalizer
{
    public NormalizedText Normalize(NormalizedText text)
    {
        bool dropsFirst = cleanText && text.Text.Length > 0 && IsControl(Rune.GetRuneAt(text.Text, 0));
        return text.With(Clean(text.Text)) with { StartsInput = text.StartsInput && !dropsFirst };
    }

    private string Clean(string text)
    {
        var output = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (cleanText && IsControl(rune))
            {
                continue;
            }
            else if (cleanText && Rune.IsWhiteSpace(rune))
            {
                output.Append(' ');
            }
            else if (handleChineseChars && CharacterClasses.IsChinese(rune))
            {
                output.Append(' ').Append(rune).Append(' ');
            }
            else
            {
                output.Append(rune);
            }
        }

        return output.ToString();
    }

    /// <summary>Tab and line ends are white space, whatever their category; other controls are never.</summary>
    private static bool IsControl(Rune rune) => rune.Value is 0 or 0xFFFD
        || (rune.Value is not ('\t' or '\n' or '\r') && Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse);
}
