using System.Globalization;

namespace Hypercompress.Models.Templates.Python;

/// <summary>The kinds of characters that Python's <c>isalpha</c> and its sisters know, by code point.</summary>
internal static class TextClasses
{
    // .NET knows no value of these (Unicode, Unihan_NumericValues.txt).
    private const string ChineseNumbers = "〇零一二三四五六七八九十百千万萬億亿兆壹贰叁肆伍陆柒捌玖拾佰仟两両廿卅";

    /// <summary>Whether a text is not empty and all its code points are of a kind.</summary>
    public static bool All(string text, Func<string, bool> kind) =>
        text.Length > 0 && CodePoints.Split(text).All(kind);

    /// <summary>A letter.</summary>
    public static bool IsAlpha(string point) => CharUnicodeInfo.GetUnicodeCategory(point, 0) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter;

    /// <summary>A letter or a sign of a number.</summary>
    public static bool IsAlphanumeric(string point) => IsAlpha(point) || IsNumeric(point);

    /// <summary>A digit of a decimal number.</summary>
    public static bool IsDecimal(string point) => CharUnicodeInfo.GetDecimalDigitValue(point, 0) >= 0;

    /// <summary>A digit, a raised one too.</summary>
    public static bool IsDigit(string point) => CharUnicodeInfo.GetDigitValue(point, 0) >= 0;

    /// <summary>A sign with a numeric value, such as a fraction.</summary>
    public static bool IsNumeric(string point) => CharUnicodeInfo.GetNumericValue(point, 0) >= 0
        || CharUnicodeInfo.GetNumericValue(point, 0) == -0.5
        || ChineseNumbers.Contains(point, StringComparison.Ordinal);

    /// <summary>A small letter.</summary>
    public static bool IsLower(string point) =>
        CharUnicodeInfo.GetUnicodeCategory(point, 0) == UnicodeCategory.LowercaseLetter || point is "ª" or "º";

    /// <summary>A capital letter.</summary>
    public static bool IsUpper(string point) =>
        CharUnicodeInfo.GetUnicodeCategory(point, 0) == UnicodeCategory.UppercaseLetter;

    /// <summary>A letter that has a case.</summary>
    public static bool IsCased(string point) => IsLower(point) || IsUpper(point)
        || CharUnicodeInfo.GetUnicodeCategory(point, 0) == UnicodeCategory.TitlecaseLetter;

    /// <summary>Whether a text has letters with a case, and all of them have this one.</summary>
    public static bool AllOfCase(string text, Func<string, bool> wanted)
    {
        var cased = CodePoints.Split(text).Where(IsCased).ToList();
        return cased.Count > 0 && cased.All(wanted);
    }

    /// <summary>Whether every word starts with a capital and goes on in small letters.</summary>
    public static bool IsTitle(string text)
    {
        bool inWord = false;
        bool any = false;
        foreach (string point in CodePoints.Split(text))
        {
            bool cased = IsCased(point);
            if (cased && IsLower(point) != inWord)
            {
                return false;
            }

            any |= cased;
            inWord = cased;
        }

        return any;
    }

    /// <summary>Whether a text can be a name in Python.</summary>
    public static bool IsIdentifier(string text) => text.Length > 0
        && (text[0] == '_' || IsAlpha(text) || IsLetterNumber(text))
        && CodePoints.Split(text).All(point => point == "_" || IsAlpha(point) || IsLetterNumber(point)
            || CharUnicodeInfo.GetUnicodeCategory(point, 0) is UnicodeCategory.DecimalDigitNumber
                or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.ConnectorPunctuation);

    private static bool IsLetterNumber(string point) =>
        CharUnicodeInfo.GetUnicodeCategory(point, 0) == UnicodeCategory.LetterNumber;
}
