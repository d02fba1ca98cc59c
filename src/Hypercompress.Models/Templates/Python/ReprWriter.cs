using System.Globalization;
using System.Numerics;
using System.Text;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Python;

/// <summary>Writes values as Python's <c>repr</c> does; a namespace inside itself is cut off.</summary>
/// <param name="run">The rendering that pays.</param>
/// <param name="output">Receives the text.</param>
internal sealed class ReprWriter(TemplateRun run, StringBuilder output)
{
    private readonly HashSet<TemplateNamespace> _open = new(ReferenceEqualityComparer.Instance);

    /// <summary>Writes a value.</summary>
    /// <exception cref="TemplateException">It is too long or too deep.</exception>
    public void Write(object? value)
    {
        // Before its parts: values nest on the stack.
        run.Step();
        switch (value)
        {
            case TemplateRange range:
                Append(Range(range));
                break;
            case TemplateSequence sequence:
                WriteSequence(sequence);
                break;
            case TemplateView view:
                Append(view.Kind + "(");
                WriteItems('[', view.Items, ']');
                Append(")");
                break;
            case TemplateMap map:
                WriteMap(map);
                break;
            case TemplateNamespace names:
                WriteNamespace(names);
                break;
            default:
                Append(Scalar(value));
                break;
        }
    }

    private static string Scalar(object? value) => value switch
    {
        null => "None",
        bool flag => flag ? "True" : "False",
        long number => number.ToString(CultureInfo.InvariantCulture),
        BigInteger number => number.ToString(CultureInfo.InvariantCulture),
        double number => RealNumbers.Text(number),
        string text => TextEscapes.Quote(text),
        TemplateMarkup markup => $"Markup({TextEscapes.Quote(markup.Text)})",
        TemplateObject other => other.Description,
        TemplateIterator => "<generator object>",
        _ => "Undefined",
    };

    private static string Range(TemplateRange range) => range.Distance == 1
        ? string.Create(CultureInfo.InvariantCulture, $"range({range.Start}, {range.Stop})")
        : string.Create(CultureInfo.InvariantCulture, $"range({range.Start}, {range.Stop}, {range.Distance})");

    private void Append(string text) => output.Append(run.Made(text));

    private void WriteSequence(TemplateSequence sequence)
    {
        if (sequence is TemplateList)
        {
            WriteItems('[', sequence.Items, ']');
            return;
        }

        WriteItems('(', sequence.Items, sequence.Items.Count == 1 ? ',' : ')');
        Append(sequence.Items.Count == 1 ? ")" : "");
    }

    private void WriteItems(char open, IReadOnlyList<object?> items, char close)
    {
        output.Append(open);
        for (int i = 0; i < items.Count; i++)
        {
            output.Append(i == 0 ? "" : ", ");
            Write(items[i]);
        }

        output.Append(close);
    }

    private void WriteMap(TemplateMap map)
    {
        output.Append('{');
        int count = 0;
        foreach (var (key, value) in map.Entries)
        {
            output.Append(count++ == 0 ? "" : ", ");
            Write(key);
            output.Append(": ");
            Write(value);
        }

        output.Append('}');
    }

    private void WriteNamespace(TemplateNamespace names)
    {
        Append("<Namespace ");
        if (_open.Add(names))
        {
            WriteMap(names.Attributes);
            _open.Remove(names);
        }
        else
        {
            output.Append("{...}");
        }

        output.Append('>');
    }
}
