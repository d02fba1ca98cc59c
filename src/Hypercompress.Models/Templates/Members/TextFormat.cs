using System.Globalization;
using System.Text;
using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Members;

/// <summary>Python's <c>str.format</c>, with the sandbox's access to attributes and items.</summary>
internal sealed class TextFormat
{
    private const int MaxNesting = 2;

    private readonly TemplateArguments _call;
    private readonly Func<object?, string, string> _format;
    private int _next;
    private bool _numbered;

    private TextFormat(TemplateArguments call, Func<object?, string, string> format) =>
        (_call, _format) = (call, format);

    /// <summary>Fills the fields of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="call">The values of the fields.</param>
    /// <param name="format">Formats a value; null for Python's own way.</param>
    /// <exception cref="TemplateException">The text is malformed, or does not fit the values.</exception>
    public static string Apply(string text, TemplateArguments call, Func<object?, string, string>? format = null) =>
        new TextFormat(call, format ?? ((value, form) => PythonFormat.Apply(value, form, call.Run))).Fill(text, 0);

    /// <summary>Python's <c>format_map</c>.</summary>
    /// <exception cref="TemplateException">The argument is not a dict, or does not fit the text.</exception>
    public static object? ApplyMap(string text, TemplateArguments call)
    {
        if (call.Required(0, "mapping") is not TemplateMap map)
        {
            throw new TemplateException("format_map takes a dict");
        }

        var named = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (key, value) in map.Entries)
        {
            named[PythonText.Of(key, call.Run)] = value;
        }

        return Apply(text, new TemplateArguments(call.Run, [], named));
    }

    private string Fill(string text, int nesting)
    {
        if (nesting > MaxNesting)
        {
            throw new TemplateException("fields of a format are nested too deep");
        }

        var output = new StringBuilder();
        for (int at = 0; at < text.Length;)
        {
            char sign = text[at];
            bool doubled = at + 1 < text.Length && text[at + 1] == sign;
            if (sign == '{' && !doubled)
            {
                int end = FieldEnd(text, at);
                output.Append(_call.Run.Made(Field(text[(at + 1)..end], nesting)));
                at = end + 1;
                continue;
            }

            if (sign == '}' && !doubled)
            {
                throw new TemplateException("a format has a single '}'");
            }

            output.Append(sign);
            at += sign is '{' or '}' ? 2 : 1;
        }

        return _call.Run.Made(output.ToString());
    }

    private static int FieldEnd(string text, int open)
    {
        int depth = 0;
        for (int at = open; at < text.Length; at++)
        {
            depth += text[at] == '{' ? 1 : text[at] == '}' ? -1 : 0;
            if (depth == 0)
            {
                return at;
            }
        }

        throw new TemplateException("a field of a format is not closed");
    }

    private string Field(string field, int nesting)
    {
        _call.Run.Step();
        int end = NameEnd(field);
        string name = field[..end];
        char? conversion = null;
        if (end < field.Length && field[end] == '!')
        {
            conversion = end + 1 < field.Length ? field[end + 1] : ' ';
            end += 2;
        }

        if (end < field.Length && field[end] != ':')
        {
            throw new TemplateException("a format has no ':' after its conversion");
        }

        object? value = Value(name);
        string form = end < field.Length ? Fill(field[(end + 1)..], nesting + 1) : "";
        return _format(Converted(value, conversion), form);
    }

    private static int NameEnd(string field)
    {
        bool brackets = false;
        for (int at = 0; at < field.Length; at++)
        {
            brackets = field[at] == '[' || (brackets && field[at] != ']');
            if (!brackets && field[at] is ('!' or ':'))
            {
                return at;
            }
        }

        return field.Length;
    }

    private object? Converted(object? value, char? conversion) => conversion switch
    {
        null => value,
        's' => PythonText.Of(value, _call.Run),
        'r' => PythonText.Repr(value, _call.Run),
        'a' => PythonText.Ascii(value, _call.Run),
        _ => throw new TemplateException($"a format has no conversion '{conversion}'"),
    };

    private object? Value(string path)
    {
        int end = path.AsSpan().IndexOfAny('.', '[');
        object? value = end == 0
            ? throw new TemplateException("a field of a format has a member but no value")
            : First(end < 0 ? path : path[..end]);
        for (int at = end; at >= 0 && at < path.Length;)
        {
            bool attribute = path[at] == '.';
            int close = attribute ? path.AsSpan(at + 1).IndexOfAny('.', '[') : path.AsSpan(at + 1).IndexOf(']');
            close = close < 0 ? path.Length : at + 1 + close;
            string name = path[(at + 1)..close];
            value = attribute
                ? TemplateMembers.Attribute(value, name, _call.Run)
                : TemplateMembers.Item(value, Key(name), _call.Run);
            at = attribute ? close : close + 1;
        }

        return value;
    }

    private static object Key(string name) =>
        long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out long place) ? place : name;

    private object? First(string name)
    {
        bool counted = name.Length == 0;
        if (counted)
        {
            name = _next++.ToString(CultureInfo.InvariantCulture);
        }

        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int place))
        {
            _numbered |= !counted;
            if (_numbered && _next > 0)
            {
                throw new TemplateException("a format numbers all of its fields or none");
            }

            return place < _call.Values.Count
                ? _call.Values[place]
                : throw new TemplateException($"the format uses value {name}, which is not given");
        }

        return _call.Named.TryGetValue(name, out var value)
            ? value
            : throw new TemplateException($"the format uses '{name}', which is not given");
    }
}
