using System.Globalization;

namespace Hypercompress.Models.Tokenization.Patterns;

/// <summary>A text in which every surrogate pair is one unit of the basic plane with the same category.</summary>
internal sealed class SurrogateSafeText
{
    private readonly char[] _units;
    private readonly int _count;
    private readonly List<int> _pairs = [];

    public SurrogateSafeText(ReadOnlySpan<char> text)
    {
        _units = new char[text.Length];
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                _pairs.Add(_count);
                int codePoint = char.ConvertToUtf32(text[i], text[i + 1]);
                _units[_count++] = For(CharUnicodeInfo.GetUnicodeCategory(codePoint));
                i++;
            }
            else
            {
                _units[_count++] = text[i];
            }
        }
    }

    public ReadOnlySpan<char> Units => _units.AsSpan(0, _count);

    /// <summary>The place in the original text; calls must ask for ascending places.</summary>
    /// <param name="index">Place among <see cref="Units"/>.</param>
    /// <param name="pair">Running count of pairs before the place; starts at 0.</param>
    public int ToOriginal(int index, ref int pair)
    {
        while (pair < _pairs.Count && _pairs[pair] < index)
        {
            pair++;
        }

        return index + pair;
    }

    /// <summary>A rare character of the basic plane that has the category.</summary>
    public static char For(UnicodeCategory category) => category switch
    {
        UnicodeCategory.UppercaseLetter => '\uA640',
        UnicodeCategory.LowercaseLetter => '\uA641',
        UnicodeCategory.TitlecaseLetter => '\u1F88',
        UnicodeCategory.ModifierLetter => '\uA4F8',
        UnicodeCategory.OtherLetter => '\uA001',
        UnicodeCategory.NonSpacingMark => '\uA66F',
        UnicodeCategory.SpacingCombiningMark => '\uA823',
        UnicodeCategory.EnclosingMark => '\uA670',
        UnicodeCategory.DecimalDigitNumber => '\uA620',
        UnicodeCategory.LetterNumber => '\uA6E6',
        UnicodeCategory.OtherNumber => '\uA830',
        UnicodeCategory.ConnectorPunctuation => '\uFE33',
        UnicodeCategory.DashPunctuation => '\u2E3A',
        UnicodeCategory.OpenPunctuation => '\u2E28',
        UnicodeCategory.ClosePunctuation => '\u2E29',
        UnicodeCategory.InitialQuotePunctuation => '\u2E0C',
        UnicodeCategory.FinalQuotePunctuation => '\u2E0D',
        UnicodeCategory.OtherPunctuation => '\uA4FE',
        UnicodeCategory.MathSymbol => '\u2A00',
        UnicodeCategory.CurrencySymbol => '\uA838',
        UnicodeCategory.ModifierSymbol => '\uA700',
        UnicodeCategory.OtherSymbol => '\uA490',
        UnicodeCategory.Format => '\u2061',
        UnicodeCategory.PrivateUse => '\uE000',
        _ => '\uFFFF',
    };
}
