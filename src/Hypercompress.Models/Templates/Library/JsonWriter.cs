using System.Globalization;
using System.Numerics;
using System.Text;
using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Library;

/// <summary>JSON as Python's <c>json.dumps</c> writes it, which is what models were trained on.</summary>
/// <param name="layout">How it is laid out.</param>
/// <param name="run">The rendering that pays.</param>
internal sealed class JsonWriter(JsonLayout layout, TemplateRun run)
{
    private readonly StringBuilder _output = new();

    /// <summary>Writes a value.</summary>
    /// <exception cref="TemplateException">JSON has no such value, or it is too long or too deep.</exception>
    public static string Write(object? value, JsonLayout layout, TemplateRun run)
    {
        var writer = new JsonWriter(layout, run);
        writer.Write(value, 0);
        return writer._output.ToString();
    }

    private void Write(object? value, int depth)
    {
        run.Step();
        switch (value)
        {
            case TemplateList or TemplateTuple:
                var items = ((TemplateSequence)value).Items;
                WriteItems('[', items, ']', depth, item => Write(item, depth + 1));
                break;
            case TemplateMap map:
                WriteItems('{', Entries(map), '}', depth, pair =>
                {
                    WriteText(pair.Key);
                    _output.Append(layout.KeySeparator);
                    Write(pair.Value, depth + 1);
                });
                break;
            default:
                if (PythonTypes.TextOf(value) is { } text)
                {
                    WriteText(text);
                }
                else
                {
                    _output.Append(run.Made(Scalar(value)));
                }

                break;
        }
    }

    private static string Scalar(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        long or BigInteger => PythonTypes.ToBig(value).ToString(CultureInfo.InvariantCulture),
        double real => double.IsNaN(real) ? "NaN"
            : double.IsInfinity(real) ? (real > 0 ? "Infinity" : "-Infinity")
            : RealNumbers.Text(real),
        Undefined missing => throw missing.Failure(),
        _ => throw new TemplateException($"a value of type {PythonTypes.NameOf(value)} cannot be written as JSON"),
    };

    private List<(string Key, object? Value)> Entries(TemplateMap map)
    {
        var entries = layout.SortKeys
            ? PythonSort.Sorted([.. map.Entries], pair => pair.Key, reverse: false, run)
            : [.. map.Entries];
        run.ReserveItems(entries.Count);
        return [.. entries.Select(pair => (Key(pair.Key), pair.Value))];
    }

    private static string Key(object? key) => PythonTypes.TextOf(key)
        ?? (key is null or bool or long or BigInteger or double
            ? Scalar(key)
            : throw new TemplateException($"a value of type {PythonTypes.NameOf(key)} cannot be a key in JSON"));

    private void WriteItems<T>(char open, IReadOnlyList<T> items, char close, int depth, Action<T> write)
    {
        _output.Append(open);
        for (int i = 0; i < items.Count; i++)
        {
            _output.Append(i == 0 ? "" : layout.ItemSeparator);
            NewLine(depth + 1);
            write(items[i]);
        }

        if (items.Count > 0)
        {
            NewLine(depth);
        }

        run.Step();
        _output.Append(close);
    }

    private void NewLine(int depth)
    {
        if (layout.Indent is { } indent)
        {
            run.Reserve((long)indent.Length * depth);
            _output.Append('\n').Insert(_output.Length, indent, depth);
        }
    }

    private void WriteText(string text)
    {
        run.Reserve(text.Length);
        _output.Append('"');
        foreach (char unit in text)
        {
            _output.Append(unit switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\b' => "\\b",
                '\f' => "\\f",
                _ => null,
            });
            if (unit < ' ' ? unit is not ('\n' or '\r' or '\t' or '\b' or '\f') : layout.AsciiOnly && unit > '~')
            {
                _output.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
            }
            else if (unit >= ' ' && unit is not ('"' or '\\'))
            {
                _output.Append(unit);
            }
        }

        _output.Append('"');
    }
}
