using System.Globalization;
using System.Text;
using Hypercompress.Models.Tokenization.Patterns;

namespace Hypercompress.Models.Tokenization.Normalizers;

/// <summary>
/// What BERT does first: drops control characters, makes all white space a space, sets ideographs apart.
/// </summary>
internal sealed class BertCleanNormalizer(bool cleanText, bool handleChineseChars) : INormalizer
{
    public string Normalize(string text)
    {
        var output = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (cleanText && Rune.IsWhiteSpace(rune))
            {
                output.Append(' ');
            }
            else if (cleanText && IsControl(rune))
            {
                continue;
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

    private static bool IsControl(Rune rune) => rune.Value is 0 or 0xFFFD || Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.PrivateUse;
}
