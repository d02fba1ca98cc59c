using System.Globalization;
using System.Numerics;
using System.Text;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Python;

/// <summary>Python's <c>format % values</c>.</summary>
internal sealed class PercentFormat
{
    private const int FormatLimit = 1000;

    private readonly string _format;
    private readonly object? _values;
    private readonly TemplateRun _run;
    private readonly StringBuilder _output = new();
    private int _position;
    private int _taken;

    private PercentFormat(string format, object? values, TemplateRun run) =>
        (_format, _values, _run) = (format, values, run);

    /// <summary>Fills a format.</summary>
    /// <param name="format">The format.</param>
    /// <param name="values">A tuple of values, a dict for named ones, or one value.</param>
    /// <param name="run">The rendering that pays.</param>
    /// <exception cref="TemplateException">The format is malformed, or does not fit the values.</exception>
    public static string Apply(string format, object? values, TemplateRun run) =>
        new PercentFormat(format, values, run).Fill();

    private string Fill()
    {
        while (_position < _format.Length)
        {
            int percent = _format.IndexOf('%', _position);
            int end = percent < 0 ? _format.Length : percent;
            _output.Append(_run.Made(_format[_position..end]));
            _position = end;
            if (percent >= 0)
            {
                _position++;
                _output.Append(_run.Made(Field()));
            }
        }

        bool unused = _values switch
        {
            TemplateTuple tuple => _taken < tuple.Items.Count,
            TemplateMap or TemplateSequence => false,
            _ => _taken < 1,
        };
        return unused ? throw new TemplateException("the format uses fewer values than there are") : _output.ToString();
    }

    private string Field()
    {
        bool named = Peek() == '(';
        object? value = named ? Named() : null;
        string flags = TakeWhile("-+ #0");
        int? width = Number();
        int? precision = Peek() == '.' ? Precision() : null;
        TakeWhile("hlL");
        char type = Peek();
        _position++;
        if (type == '%')
        {
            return "%";
        }

        bool left = flags.Contains('-', StringComparison.Ordinal) || width < 0;
        bool zero = flags.Contains('0', StringComparison.Ordinal) && !left;
        bool number = "diuoxXeEfFgG".Contains(type, StringComparison.Ordinal);
        var padding = new FormatSpecification
        {
            Width = Math.Abs((long)(width ?? 0)),
            Fill = zero && number ? "0" : " ",
            Align = left ? '<' : zero && number ? '=' : '>',
        };
        var (sign, body) = Convert(type, named ? value : Next(), flags, precision);
        return padding.Pad(sign, body, '>', _run);
    }

    private (string Sign, string Body) Convert(char type, object? value, string flags, int? precision)
    {
        bool other = flags.Contains('#', StringComparison.Ordinal);
        switch (type)
        {
            case 's' or 'r' or 'a':
                string text = type == 's' ? PythonText.Of(value, _run)
                    : type == 'r' ? PythonText.Repr(value, _run)
                    : PythonText.Ascii(value, _run);
                bool cut = precision is { } most && most < CodePoints.Count(text);
                return ("", cut ? CodePoints.Part(text, 0, precision!.Value) : text);
            case 'c':
                return ("", Character(value));
            case 'd' or 'i' or 'u' or 'o' or 'x' or 'X':
                var whole = Whole(value, type);
                char digits = type is 'i' or 'u' ? 'd' : type;
                string prefix = other && digits != 'd' ? "0" + digits : "";
                string body = WholeDigits.Of(BigInteger.Abs(whole), digits).PadLeft(precision ?? 0, '0');
                return (Sign(whole.Sign < 0, flags) + prefix, body);
            case 'e' or 'E' or 'f' or 'F' or 'g' or 'G':
                double real = Real(value);
                return (Sign(double.IsNegative(real) && !double.IsNaN(real), flags),
                    RealFormat.Digits(Math.Abs(real), type, precision, other));
            default:
                throw new TemplateException($"a format has no type '{type}'");
        }
    }

    private static string Sign(bool negative, string flags) => negative ? "-"
        : flags.Contains('+', StringComparison.Ordinal) ? "+"
        : flags.Contains(' ', StringComparison.Ordinal) ? " "
        : "";

    private static string Character(object? value) =>
        PythonTypes.TextOf(value) is { } text && CodePoints.Count(text) == 1 ? text
        : PythonTypes.IsInteger(value) ? PythonFormat.Character(PythonTypes.ToBig(value))
        : throw new TemplateException("%c takes one character or its code");

    private static BigInteger Whole(object? value, char type) => value switch
    {
        double real when type is 'd' or 'i' or 'u' && double.IsFinite(real) => new BigInteger(Math.Truncate(real)),
        _ => PythonTypes.IsInteger(value)
            ? PythonTypes.ToBig(value)
            : throw new TemplateException($"%{type} takes a number, not a value of type {PythonTypes.NameOf(value)}"),
    };

    private static double Real(object? value) => PythonOrder.IsNumber(value)
        ? PythonTypes.ToReal(value)
        : throw new TemplateException($"a number is expected, not a value of type {PythonTypes.NameOf(value)}");

    private object? Named()
    {
        int depth = 0;
        int start = _position + 1;
        do
        {
            char sign = Peek();
            depth += sign == '(' ? 1 : sign == ')' ? -1 : 0;
            _position++;
        }
        while (depth > 0);
        string key = _format[start..(_position - 1)];
        return _values is TemplateMap map && map.TryGet(key, out var value)
            ? value
            : throw new TemplateException($"the format names '{key}', which the values do not have");
    }

    private object? Next()
    {
        int place = _taken++;
        return _values switch
        {
            TemplateTuple tuple when place < tuple.Items.Count => tuple.Items[place],
            not TemplateTuple when place == 0 => _values,
            _ => throw new TemplateException("the format uses more values than there are"),
        };
    }

    private int? Precision()
    {
        _position++;
        return Math.Min(Number() ?? 0, FormatLimit);
    }

    private int? Number()
    {
        if (Peek() == '*')
        {
            _position++;
            return Next() is long number && Math.Abs(number) < int.MaxValue
                ? (int)number
                : throw new TemplateException("* in a format takes a whole number");
        }

        string digits = TakeWhile("0123456789");
        return digits.Length == 0 ? null
            : int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int width) ? width
            : throw new TemplateException($"the width {digits} of a format is too large");
    }

    private string TakeWhile(string signs)
    {
        int start = _position;
        while (_position < _format.Length && signs.Contains(_format[_position], StringComparison.Ordinal))
        {
            _position++;
        }

        return _format[start.._position];
    }

    private char Peek() => _position < _format.Length
        ? _format[_position]
        : throw new TemplateException("a format ends in the middle of a field");
}
