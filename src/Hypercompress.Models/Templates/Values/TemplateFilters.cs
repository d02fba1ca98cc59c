using System.Globalization;

namespace Hypercompress.Models.Templates.Values;

/// <summary>The filters that chat templates use.</summary>
internal static class TemplateFilters
{
    /// <summary>The filter of a name, or null.</summary>
    public static Func<object?, TemplateArguments, object?>? Find(string name) => OfText(name) ?? OfLists(name);

    private static Func<object?, TemplateArguments, object?>? OfText(string name) => name switch
    {
        "trim" => (value, call) => TemplateValues.Text(value).Trim(call.Text(0, "chars")?.ToCharArray() ?? []),
        "upper" => (value, _) => TemplateValues.Text(value).ToUpperInvariant(),
        "lower" => (value, _) => TemplateValues.Text(value).ToLowerInvariant(),
        "title" => (value, _) => TemplateMethods.Title(TemplateValues.Text(value), everyWord: true),
        "capitalize" => (value, _) => TemplateMethods.Title(TemplateValues.Text(value), everyWord: false),
        "replace" => (value, call) => TemplateMethods.Find(TemplateValues.Text(value), "replace")!(call),
        "regex_replace" => TemplatePatterns.Replace,
        "string" or "safe" => (value, _) => TemplateValues.Text(value),
        "escape" or "e" => (value, _) => System.Net.WebUtility.HtmlEncode(TemplateValues.Text(value)),
        "indent" => Indent,
        "tojson" => (value, call) => TemplateJson.Write(value, (int?)call.Integer(0, "indent")),
        "int" => (value, call) => Integer(value, call.Integer(0, "default") ?? 0),
        "float" => (value, _) => Real(value),
        "abs" => (value, _) => value is long whole ? Math.Abs(whole) : Math.Abs(Real(value)),
        "round" => (value, call) => Math.Round(Real(value), (int)(call.Integer(0, "precision") ?? 0)),
        "default" or "d" => Default,
        _ => null,
    };

    private static Func<object?, TemplateArguments, object?>? OfLists(string name) => name switch
    {
        "length" or "count" => Length,
        "first" => (value, _) => TemplateValues.Items(value).FirstOrDefault(Undefined.Value),
        "last" => (value, _) => TemplateValues.Items(value).LastOrDefault(Undefined.Value),
        "list" => (value, _) => TemplateValues.Items(value).ToList(),
        "items" => (value, _) => value is TemplateMap map ? TemplateMethods.Pairs(map)
            : value is Undefined ? new List<object?>()
            : throw new TemplateException($"{TemplateValues.Repr(value)} has no items"),
        "dictsort" => SortedPairs,
        "join" => Join,
        "reverse" => (value, _) => value is string text
            ? new string([.. text.Reverse()])
            : Enumerable.Reverse(TemplateValues.Items(value)).ToList(),
        "sort" => Sort,
        "unique" => (value, _) => Unique(TemplateValues.Items(value)),
        "sum" => Sum,
        "min" => (value, _) => Sorted(TemplateValues.Items(value)).FirstOrDefault(Undefined.Value),
        "max" => (value, _) => Sorted(TemplateValues.Items(value)).LastOrDefault(Undefined.Value),
        "map" => Map,
        "select" => (value, call) => Select(value, call, null, wanted: true),
        "reject" => (value, call) => Select(value, call, null, wanted: false),
        "selectattr" => (value, call) => Select(value, Rest(call), AttributeName(call), wanted: true),
        "rejectattr" => (value, call) => Select(value, Rest(call), AttributeName(call), wanted: false),
        _ => null,
    };

    private static object? Default(object? value, TemplateArguments call)
    {
        bool replaces = value is Undefined || (call.Get(1, "boolean") is true && !TemplateValues.IsTrue(value));
        return !replaces ? value : call.Get(0, "default_value") is var absent and not Undefined ? absent : "";
    }

    private static object? Sum(object? value, TemplateArguments call) => TemplateValues.Items(value)
        .Aggregate((object?)0L, (sum, item) => TemplateOperators.Apply("+", sum, item));

    private static object? SortedPairs(object? value, TemplateArguments call) => value is TemplateMap map
        ? TemplateMethods.Pairs(map)
            .OrderBy(pair => (string)((List<object?>)pair!)[0]!, StringComparer.OrdinalIgnoreCase).ToList()
        : throw new TemplateException($"{TemplateValues.Repr(value)} has no items");

    private static object? Length(object? value, TemplateArguments call) =>
        value is string text ? (long)text.Length : (long)TemplateValues.Items(value).Count;

    private static object? Indent(object? value, TemplateArguments call)
    {
        string space = call.Get(0, "width") switch
        {
            string text => text,
            long width => new string(' ', (int)Math.Clamp(width, 0, 1000)),
            _ => "    ",
        };
        bool first = call.Get(1, "first") is true;
        bool blank = call.Get(2, "blank") is true;
        var lines = TemplateValues.Text(value).Split('\n');
        return string.Join('\n', lines.Select((line, place) =>
            (place == 0 ? first : blank || line.Length > 0) ? space + line : line));
    }

    private static long Integer(object? value, long absent) => value switch
    {
        long whole => whole,
        bool flag => flag ? 1 : 0,
        double real => (long)real,
        string text when long.TryParse(
            text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) => whole,
        _ => absent,
    };

    private static double Real(object? value) => value switch
    {
        double real => real,
        string text when double.TryParse(text, CultureInfo.InvariantCulture, out double real) => real,
        _ => Integer(value, 0),
    };

    private static object? Join(object? value, TemplateArguments call)
    {
        string? attribute = call.Text(1, "attribute");
        var items = TemplateValues.Items(value).Select(item => attribute is null ? item : Member(item, attribute));
        return string.Join(call.Text(0, "d") ?? "", items.Select(TemplateValues.Text));
    }

    private static object? Sort(object? value, TemplateArguments call)
    {
        string? attribute = call.Text(2, "attribute");
        var items = Sorted(TemplateValues.Items(value), attribute);
        return call.Get(0, "reverse") is true ? Enumerable.Reverse(items).ToList() : items;
    }

    private static List<object?> Sorted(IReadOnlyList<object?> items, string? attribute = null) =>
        [.. items.OrderBy(item => attribute is null ? item : Member(item, attribute),
            Comparer<object?>.Create((left, right) => left is string a && right is string b
                ? string.Compare(a, b, StringComparison.OrdinalIgnoreCase)
                : TemplateOperators.Order(left, right)))];

    private static List<object?> Unique(IReadOnlyList<object?> items)
    {
        var unique = new List<object?>();
        foreach (var item in items.Where(item => !unique.Any(known => TemplateOperators.AreEqual(known, item))))
        {
            unique.Add(item);
        }

        return unique;
    }

    private static object? Map(object? value, TemplateArguments call)
    {
        var items = TemplateValues.Items(value);
        if (call.Named.GetValueOrDefault("attribute") is string attribute)
        {
            return items.Select(item => Member(item, attribute) is var member and not Undefined
                ? member
                : call.Named.GetValueOrDefault("default", Undefined.Value)).ToList();
        }

        string name = call.Text(0, "filter") ?? throw new TemplateException("map needs a filter or an attribute");
        var filter = Find(name) ?? throw new TemplateException($"the filter '{name}' is not known");
        return items.Select(item => filter(item, Rest(call))).ToList();
    }

    private static List<object?> Select(object? value, TemplateArguments call, string? attribute, bool wanted)
    {
        string? name = call.Text(0, "test");
        var test = name is null
            ? (item, _) => TemplateValues.IsTrue(item)
            : TemplateTests.Find(name) ?? throw new TemplateException($"the test '{name}' is not known");
        return [.. TemplateValues.Items(value).Where(item =>
            test(attribute is null ? item : Member(item, attribute), Rest(call)) == wanted)];
    }

    private static string AttributeName(TemplateArguments call) =>
        call.Text(0, "attribute") ?? throw new TemplateException("the attribute is missing");

    private static TemplateArguments Rest(TemplateArguments call) => call with { Values = [.. call.Values.Skip(1)] };

    private static object? Member(object? item, string path)
    {
        foreach (string name in path.Split('.'))
        {
            item = TemplateValues.Item(item, long.TryParse(name, out long place) ? place : (object)name);
        }

        return item;
    }
}
