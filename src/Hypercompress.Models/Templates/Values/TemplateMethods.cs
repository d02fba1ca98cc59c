namespace Hypercompress.Models.Templates.Values;

/// <summary>
/// The methods of Python's strings, dictionaries and lists that templates call; none changes its object.
/// </summary>
internal static class TemplateMethods
{
    /// <summary>The method bound to its object, or null.</summary>
    public static TemplateCallable? Find(object? target, string name) => target switch
    {
        string text => OfText(text, name),
        TemplateMap { IsNamespace: false } map => OfMap(map, name),
        List<object?> list => OfList(list, name),
        _ => null,
    };

    /// <summary>Splits as Python does: at runs of white space where no separator is given.</summary>
    public static List<object?> Split(string text, string? separator, long? limit, bool fromEnd = false)
    {
        var parts = separator is null
            ? text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            : separator.Length > 0
                ? text.Split(separator)
                : throw new TemplateException("the separator of split is empty");
        int most = limit is null or < 0 ? int.MaxValue : (int)Math.Min(limit.Value, int.MaxValue - 1);
        if (parts.Length - 1 <= most)
        {
            return [.. parts];
        }

        string glue = separator ?? " ";
        return fromEnd
            ? [string.Join(glue, parts.SkipLast(most)), .. parts.TakeLast(most)]
            : [.. parts.Take(most), string.Join(glue, parts.Skip(most))];
    }

    public static string Title(string text, bool everyWord)
    {
        var output = new char[text.Length];
        bool starts = true;
        for (int i = 0; i < text.Length; i++)
        {
            output[i] = starts ? char.ToUpperInvariant(text[i]) : char.ToLowerInvariant(text[i]);
            starts = everyWord && !char.IsLetter(text[i]);
        }

        return new string(output);
    }

    private static TemplateCallable? OfText(string text, string name) => name switch
    {
        "strip" => call => text.Trim(Characters(call)),
        "lstrip" => call => text.TrimStart(Characters(call)),
        "rstrip" => call => text.TrimEnd(Characters(call)),
        "split" => call => Split(text, call.Text(0, "sep"), call.Integer(1, "maxsplit")),
        "rsplit" => call => Split(text, call.Text(0, "sep"), call.Integer(1, "maxsplit"), fromEnd: true),
        "splitlines" => _ => text.Length == 0 ? [] : Split(text.TrimEnd('\n'), "\n", null),
        "startswith" => call => Affixes(call).Any(affix => text.StartsWith(affix, StringComparison.Ordinal)),
        "endswith" => call => Affixes(call).Any(affix => text.EndsWith(affix, StringComparison.Ordinal)),
        "upper" => _ => text.ToUpperInvariant(),
        "lower" => _ => text.ToLowerInvariant(),
        "title" => _ => Title(text, everyWord: true),
        "capitalize" => _ => Title(text, everyWord: false),
        "replace" => call => Replace(text, call),
        "join" => call =>
            string.Join(text, TemplateValues.Items(call.Required(0, "iterable")).Select(TemplateValues.Text)),
        "find" => call => (long)text.IndexOf(TextOf(call, "sub"), StringComparison.Ordinal),
        "count" => call => Count(text, TextOf(call, "sub")),
        "isdigit" => _ => text.Length > 0 && text.All(char.IsDigit),
        "isalpha" => _ => text.Length > 0 && text.All(char.IsLetter),
        "isspace" => _ => text.Length > 0 && text.All(char.IsWhiteSpace),
        "removeprefix" => call =>
            TextOf(call, "prefix") is var prefix && text.StartsWith(prefix, StringComparison.Ordinal)
                ? text[prefix.Length..]
                : text,
        "removesuffix" => call =>
            TextOf(call, "suffix") is var suffix && text.EndsWith(suffix, StringComparison.Ordinal)
                ? text[..^suffix.Length]
                : text,
        _ => null,
    };

    private static TemplateCallable? OfMap(TemplateMap map, string name) => name switch
    {
        "items" => _ => Pairs(map),
        "keys" => _ => map.Keys.Cast<object?>().ToList(),
        "values" => _ => map.Values.ToList(),
        "get" => call => call.Required(0, "key") is string key && map.TryGetValue(key, out var value) ? value
            : call.Get(1, "default") is var absent and not Undefined ? absent
            : null,
        _ => null,
    };

    public static List<object?> Pairs(TemplateMap map) =>
        [.. map.Select(pair => (object?)new List<object?> { pair.Key, pair.Value })];

    private static TemplateCallable? OfList(List<object?> list, string name) => name switch
    {
        "index" => call => (long)list.FindIndex(item => TemplateOperators.AreEqual(item, call.Required(0, "value"))),
        "count" => call => (long)list.Count(item => TemplateOperators.AreEqual(item, call.Required(0, "value"))),
        _ => null,
    };

    // An empty array means white space, as no argument does in Python.
    private static char[] Characters(TemplateArguments call) => call.Text(0, "chars")?.ToCharArray() ?? [];

    private static string TextOf(TemplateArguments call, string name) =>
        call.Text(0, name) ?? throw new TemplateException($"the argument '{name}' is missing");

    private static IEnumerable<string> Affixes(TemplateArguments call) => call.Required(0, "affix") switch
    {
        string affix => [affix],
        List<object?> affixes => affixes.OfType<string>(),
        var other => throw new TemplateException($"{TemplateValues.Repr(other)} is no text to look for"),
    };

    private static string Replace(string text, TemplateArguments call)
    {
        string old = TextOf(call, "old");
        string fresh = call.Text(1, "new") ?? throw new TemplateException("the argument 'new' is missing");
        return old.Length == 0
            ? throw new TemplateException("replace has nothing to look for")
            : string.Join(fresh, Split(text, old, call.Integer(2, "count")));
    }

    private static long Count(string text, string part) =>
        part.Length == 0 ? text.Length + 1 : text.AsSpan().Count(part);
}
