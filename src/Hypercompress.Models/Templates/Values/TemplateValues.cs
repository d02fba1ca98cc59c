using System.Globalization;
using System.Text;

namespace Hypercompress.Models.Templates.Values;

/// <summary>What Python does with values: truth, text, members.</summary>
internal static class TemplateValues
{
    public static bool IsTrue(object? value) => value switch
    {
        Undefined { Name: { } name } => throw Missing(name),
        null or Undefined => false,
        bool flag => flag,
        long number => number != 0,
        double number => number != 0,
        string text => text.Length > 0,
        List<object?> list => list.Count > 0,
        TemplateMap { IsNamespace: false } map => map.Count > 0,
        _ => true,
    };

    /// <summary>The text that an expression writes out.</summary>
    public static string Text(object? value) => value switch
    {
        string text => text,
        Undefined { Name: { } name } => throw Missing(name),
        Undefined => "",
        _ => Repr(value),
    };

    /// <summary>Python's <c>repr</c>.</summary>
    public static string Repr(object? value) => value switch
    {
        null => "None",
        Undefined => "Undefined",
        bool flag => flag ? "True" : "False",
        long number => number.ToString(CultureInfo.InvariantCulture),
        double number => Real(number),
        string text => Quote(text),
        List<object?> list => $"[{string.Join(", ", list.Select(Repr))}]",
        TemplateMap map => $"{{{string.Join(", ", map.Select(pair => $"{Quote(pair.Key)}: {Repr(pair.Value)}"))}}}",
        _ => "<function>",
    };

    public static IReadOnlyList<object?> Items(object? value) => value switch
    {
        List<object?> list => list,
        string text => [.. text.EnumerateRunes().Select(rune => (object?)rune.ToString())],
        TemplateMap map => [.. map.Keys],
        Undefined { Name: { } name } => throw Missing(name),
        Undefined => [],
        _ => throw new TemplateException($"{Repr(value)} is not a list"),
    };

    private static TemplateException Missing(string name) => new($"there is no '{name}'");

    /// <summary><c>value.name</c>: a method first, then a member.</summary>
    public static object? Attribute(object? target, string name)
    {
        if (target is Undefined absent)
        {
            throw absent.Name is { } missing
                ? Missing(missing)
                : new TemplateException($"an undefined value has no '{name}'");
        }

        return TemplateMethods.Find(target, name) ?? (target switch
        {
            TemplateMap map => map.TryGetValue(name, out var value) ? value : Undefined.Value,
            List<object?> list when int.TryParse(name, out int place) => At(list, place),
            _ => Undefined.Value,
        });
    }

    /// <summary><c>value[key]</c>: an item first, then a method.</summary>
    public static object? Item(object? target, object? key) => (target, key) switch
    {
        (Undefined { Name: { } name }, _) => throw Missing(name),
        (Undefined, _) => throw new TemplateException($"an undefined value has no {Repr(key)}"),
        (TemplateMap map, string name) => map.TryGetValue(name, out var value)
            ? value
            : TemplateMethods.Find(target, name) ?? (object)Undefined.Value,
        (List<object?> list, long place) => At(list, place),
        (string text, long place) => Place(text.Length, place) is { } at ? text[at].ToString() : Undefined.Value,
        (_, string name) => TemplateMethods.Find(target, name) ?? (object)Undefined.Value,
        _ => Undefined.Value,
    };

    private static object? At(List<object?> list, long place) =>
        Place(list.Count, place) is { } at ? list[at] : Undefined.Value;

    private static int? Place(int count, long place)
    {
        long at = place < 0 ? place + count : place;
        return at >= 0 && at < count ? (int)at : null;
    }

    private static string Real(double number) => double.IsInteger(number) && Math.Abs(number) < 1e16
        ? number.ToString("F1", CultureInfo.InvariantCulture)
        : number.ToString("R", CultureInfo.InvariantCulture).ToLowerInvariant();

    private static string Quote(string text)
    {
        char quote = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal)
            ? '"'
            : '\'';
        string escaped = new StringBuilder(text).Replace("\\", "\\\\").Replace("\n", "\\n").Replace("\t", "\\t")
            .Replace("\r", "\\r").ToString();
        return quote + (quote == '\'' ? escaped.Replace("'", "\\'", StringComparison.Ordinal) : escaped) + quote;
    }
}
