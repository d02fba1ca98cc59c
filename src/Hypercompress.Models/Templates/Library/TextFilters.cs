using Hypercompress.Models.Templates.Members;
using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Library;

/// <summary>The filters of texts.</summary>
internal static class TextFilters
{
    /// <summary>The filters by their names.</summary>
    public static IReadOnlyDictionary<string, TemplateFilter> All { get; } = new Dictionary<string, TemplateFilter>
    {
        ["upper"] = Method("upper"),
        ["lower"] = Method("lower"),
        ["capitalize"] = Method("capitalize"),
        ["trim"] = new((value, call) => CallMethod("strip", value, call), "chars"),
        ["center"] = new((value, call) => CallMethod("center", value, call.TryGet(0, "width", out var width)
            ? new TemplateArguments(call.Run, width)
            : new TemplateArguments(call.Run, 80L)), "width"),
        ["title"] = new((value, call) => Marked(value, call.Run.Made(TextLayout.Title(Soft(value, call)))), []),
        ["replace"] = new(Replace, "old", "new", "count"),
        ["regex_replace"] = new(PatternFilter.Replace, "pattern", "repl"),
        ["string"] = new((value, call) => value is TemplateMarkup ? value : PythonText.Of(value, call.Run), []),
        ["format"] = new(Format, null),
        ["indent"] = new(TextLayout.Indent, "width", "first", "blank"),
        ["truncate"] = new(TextLayout.Truncate, "length", "killwords", "end", "leeway"),
        ["wordcount"] = new((value, call) => TextLayout.CountWords(Soft(value, call)), []),
        ["wordwrap"] = new(WordWrap.Apply, "width", "break_long_words", "wrapstring", "break_on_hyphens"),
        ["tojson"] = new(ToJson, "ensure_ascii", "indent", "separators", "sort_keys"),
        ["pprint"] = new((value, call) => PythonText.Repr(value, call.Run), []),
    };

    private static string Soft(object? value, TemplateArguments call) => PythonText.Of(value, call.Run);

    private static object Marked(object? source, string text) =>
        source is TemplateMarkup ? new TemplateMarkup(text) : text;

    private static TemplateFilter Method(string name) => new((value, call) => CallMethod(name, value, call), []);

    private static object? CallMethod(string name, object? value, TemplateArguments call) =>
        value is TemplateMarkup markup
        ? MarkupMethods.Find(markup, name)!.Call(call)
        : TextMethods.Find(Soft(value, call), name)!.Call(call);

    private static object? Replace(object? value, TemplateArguments call) => TextSearch.Replace(
        Soft(value, call),
        PythonText.Of(call.Required(0, "old"), call.Run),
        PythonText.Of(call.Required(1, "new"), call.Run),
        call.Integer(2, "count") ?? -1,
        call.Run);

    private static object? Format(object? value, TemplateArguments call)
    {
        if (call.Values.Count > 0 && call.Named.Count > 0)
        {
            throw new TemplateException("format takes positional or named values, not both");
        }

        object values = call.Named.Count == 0 ? new TemplateTuple(call.Values) : TemplateGlobals.MapOf(call);
        return PythonArithmetic.Apply("%", value is TemplateMarkup ? value : Soft(value, call), values, call.Run);
    }

    private static object? ToJson(object? value, TemplateArguments call) =>
        JsonWriter.Write(value, JsonLayout.From(call), call.Run);
}
