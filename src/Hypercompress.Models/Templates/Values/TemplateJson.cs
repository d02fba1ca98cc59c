using System.Globalization;
using System.Text;

namespace Hypercompress.Models.Templates.Values;

/// <summary>
/// JSON as Python's <c>json.dumps(…, ensure_ascii=False)</c> writes it, which is what models were trained on.
/// </summary>
internal static class TemplateJson
{
    public static string Write(object? value, int? indent)
    {
        var output = new StringBuilder();
        Write(value, indent, 0, output);
        return output.ToString();
    }

    private static void Write(object? value, int? indent, int depth, StringBuilder output)
    {
        switch (value)
        {
            case null:
                output.Append("null");
                break;
            case bool flag:
                output.Append(flag ? "true" : "false");
                break;
            case string text:
                WriteText(text, output);
                break;
            case List<object?> list:
                WriteItems(list, '[', ']', indent, depth, output, item => Write(item, indent, depth + 1, output));
                break;
            case TemplateMap map:
                WriteItems(map, '{', '}', indent, depth, output, pair =>
                {
                    WriteText(pair.Key, output);
                    output.Append(": ");
                    Write(pair.Value, indent, depth + 1, output);
                });
                break;
            case long or double:
                output.Append(TemplateValues.Repr(value));
                break;
            default:
                throw new TemplateException($"{TemplateValues.Repr(value)} cannot be written as JSON");
        }
    }

    private static void WriteItems<T>(
        IReadOnlyCollection<T> items,
        char open,
        char close,
        int? indent,
        int depth,
        StringBuilder output,
        Action<T> write)
    {
        output.Append(open);
        int count = 0;
        foreach (var item in items)
        {
            output.Append(count++ == 0 ? "" : indent is null ? ", " : ",");
            NewLine(indent, depth + 1, output);
            write(item);
        }

        if (count > 0)
        {
            NewLine(indent, depth, output);
        }

        output.Append(close);
    }

    private static void NewLine(int? indent, int depth, StringBuilder output)
    {
        if (indent is { } width)
        {
            output.Append('\n').Append(' ', Math.Clamp(width, 0, 16) * depth);
        }
    }

    private static void WriteText(string text, StringBuilder output)
    {
        output.Append('"');
        foreach (char unit in text)
        {
            output.Append(unit switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\b' => "\\b",
                '\f' => "\\f",
                < ' ' => "\\u" + ((int)unit).ToString("x4", CultureInfo.InvariantCulture),
                _ => unit.ToString(),
            });
        }

        output.Append('"');
    }
}
