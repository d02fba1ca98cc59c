using System.Globalization;
using System.Numerics;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Python;

/// <summary>Python's <c>format(value, specification)</c>.</summary>
internal static class PythonFormat
{
    /// <summary>Formats a value.</summary>
    /// <exception cref="TemplateException">The specification does not fit the value.</exception>
    public static string Apply(object? value, string specification, TemplateRun run)
    {
        if (specification.Length == 0)
        {
            return PythonText.Of(value, run);
        }

        var format = FormatSpecification.Parse(specification);
        return value switch
        {
            string or TemplateMarkup => Text(PythonTypes.TextOf(value)!, format, run),
            double real => Real(real, format, run),
            bool or long or BigInteger => Whole(PythonTypes.ToBig(value), format, run),
            _ => throw new TemplateException(
                $"a value of type {PythonTypes.NameOf(value)} takes no format, found '{specification}'"),
        };
    }

    private static string Text(string text, FormatSpecification format, TemplateRun run)
    {
        if (format.Type is not (null or 's') || format.Align == '=' || format.Grouping is not null
            || format.Sign != '-' || format.Alternate)
        {
            throw new TemplateException("a text takes fill, '<', '>', '^', width and precision in a format");
        }

        string shown = format.Precision is { } most && most < CodePoints.Count(text)
            ? CodePoints.Part(text, 0, most)
            : text;
        return format.Pad("", shown, '<', run);
    }

    private static string Whole(BigInteger number, FormatSpecification format, TemplateRun run)
    {
        char type = format.Type ?? 'd';
        if ("eEfFgG%".Contains(type, StringComparison.Ordinal))
        {
            return Real(PythonTypes.ToReal(number), format, run);
        }

        if (format.Precision is not null)
        {
            throw new TemplateException("a whole number takes no precision in a format");
        }

        if (type == 'c')
        {
            return format.Pad("", Character(number), '<', run);
        }

        string prefix = format.Alternate && type != 'd' ? "0" + type : "";
        string digits = WholeDigits.Of(BigInteger.Abs(number), type);
        return Number(number.Sign < 0, prefix, digits, "", type is 'd' or 'n' ? 3 : 4, format, run);
    }

    /// <summary>The character of a code point.</summary>
    /// <exception cref="TemplateException">There is none.</exception>
    public static string Character(BigInteger code) => code >= 0 && code <= 0x10FFFF
        ? code >= 0xD800 && code <= 0xDFFF ? ((char)(int)code).ToString() : char.ConvertFromUtf32((int)code)
        : throw new TemplateException("a character's code is from 0 to 0x10ffff");

    private static string Real(double number, FormatSpecification format, TemplateRun run)
    {
        string text = RealFormat.Digits(Math.Abs(number), format.Type, format.Precision, format.Alternate);
        int end = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        end = end < 0 ? text.Length : end;
        return Number(double.IsNegative(number) && !double.IsNaN(number), "", text[..end], text[end..], 3, format, run);
    }

    private static string Number(
        bool negative,
        string prefix,
        string digits,
        string rest,
        int group,
        FormatSpecification format,
        TemplateRun run)
    {
        string sign = (negative ? "-" : format.Sign == '-' ? "" : format.Sign.ToString()) + prefix;
        if (format.Grouping is not { } mark)
        {
            return format.Pad(sign, digits + rest, '>', run);
        }

        // Zeros that fill the width are grouped too.
        if (format is { Fill: "0", Align: '=' })
        {
            run.Reserve(format.Width);
            while (sign.Length + Grouped(digits, mark, group).Length + rest.Length < format.Width)
            {
                run.Step(digits.Length);
                digits = "0" + digits;
            }
        }

        return format.Pad(sign, Grouped(digits, mark, group) + rest, '>', run);
    }

    private static string Grouped(string digits, char mark, int group)
    {
        int first = digits.Length % group;
        var groups = Enumerable.Range(0, digits.Length / group)
            .Select(i => digits.Substring(first + (i * group), group));
        return string.Join(mark, first == 0 ? groups : groups.Prepend(digits[..first]));
    }
}
