using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Library;

/// <summary>How JSON is laid out, as the arguments of Python's <c>json.dumps</c> say.</summary>
/// <param name="AsciiOnly">Whether other characters are escaped.</param>
/// <param name="Indent">What each level is indented by; null for everything on one line.</param>
/// <param name="ItemSeparator">What is between two items.</param>
/// <param name="KeySeparator">What is between key and value.</param>
/// <param name="SortKeys">Whether keys are written in their order.</param>
internal sealed record JsonLayout(
    bool AsciiOnly, string? Indent, string ItemSeparator, string KeySeparator, bool SortKeys)
{
    /// <summary>Reads the arguments of the filter <c>tojson</c>, as transformers defines it.</summary>
    /// <exception cref="TemplateException">An argument has another type.</exception>
    public static JsonLayout From(TemplateArguments call)
    {
        string? indent = call.Get(1, "indent") switch
        {
            null => null,
            string text => text,
            _ => Spaces(call.RequiredInteger(1, "indent"), call.Run),
        };
        var (item, key) = Separators(call.Get(2, "separators"), call.Run);
        return new JsonLayout(
            PythonTruth.IsTrue(call.Get(0, "ensure_ascii")),
            indent,
            item ?? (indent is null ? ", " : ","),
            key ?? ": ",
            PythonTruth.IsTrue(call.Get(3, "sort_keys")));
    }

    private static string Spaces(long width, TemplateRun run)
    {
        run.Reserve(Math.Max(0, width));
        return new string(' ', (int)Math.Max(0, width));
    }

    private static (string? Item, string? Key) Separators(object? value, TemplateRun run)
    {
        if (value is null)
        {
            return (null, null);
        }

        var parts = PythonIteration.ToList(value, run);
        return parts.Count == 2 && PythonTypes.TextOf(parts[0]) is { } item && PythonTypes.TextOf(parts[1]) is { } key
            ? (item, key)
            : throw new TemplateException("separators are two texts");
    }
}
