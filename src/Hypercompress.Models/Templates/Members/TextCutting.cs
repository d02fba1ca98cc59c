using System.Globalization;
using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Members;

/// <summary>The string methods that cut texts and put them together.</summary>
internal static class TextCutting
{
    /// <summary>Python's <c>removeprefix</c>.</summary>
    public static object? WithoutPrefix(string text, TemplateArguments call) =>
        call.RequiredText(0, "prefix") is var prefix && text.StartsWith(prefix, StringComparison.Ordinal)
            ? call.Run.Made(text[prefix.Length..])
            : text;

    /// <summary>Python's <c>removesuffix</c>.</summary>
    public static object? WithoutSuffix(string text, TemplateArguments call) =>
        call.RequiredText(0, "suffix") is var suffix && text.EndsWith(suffix, StringComparison.Ordinal)
            ? call.Run.Made(text[..^suffix.Length])
            : text;

    /// <summary>Python's <c>split</c> and <c>rsplit</c>.</summary>
    /// <exception cref="TemplateException">The separator is empty.</exception>
    public static object? Split(string text, TemplateArguments call, bool fromEnd)
    {
        string? separator = call.Text(0, "sep");
        long most = call.Integer(1, "maxsplit") ?? -1;
        if (separator is { Length: 0 })
        {
            throw new TemplateException("the separator is empty");
        }

        return Listed(separator is null
            ? (fromEnd ? TextParts.SplitWordsFromEnd(text, most) : TextParts.SplitWords(text, most))
            : TextParts.Split(text, separator, most, fromEnd), call.Run);
    }

    /// <summary>Python's <c>splitlines</c>.</summary>
    public static object? Lines(string text, TemplateArguments call) =>
        Listed(TextParts.Lines(text, PythonTruth.IsTrue(call.Get(0, "keepends"))), call.Run);

    /// <summary>Python's <c>partition</c> and <c>rpartition</c>.</summary>
    /// <exception cref="TemplateException">The separator is empty.</exception>
    public static object? Partition(string text, TemplateArguments call, bool last)
    {
        string separator = call.RequiredText(0, "sep");
        if (separator.Length == 0)
        {
            throw new TemplateException("the separator is empty");
        }

        call.Run.Reserve(text.Length);
        int at = last
            ? text.LastIndexOf(separator, StringComparison.Ordinal)
            : text.IndexOf(separator, StringComparison.Ordinal);
        return at >= 0 ? new TemplateTuple(text[..at], separator, text[(at + separator.Length)..])
            : last ? new TemplateTuple("", "", text)
            : new TemplateTuple(text, "", "");
    }

    /// <summary>Python's <c>join</c>: every item has to be a text.</summary>
    /// <exception cref="TemplateException">An item is not a text, or the result is too long.</exception>
    public static object? Join(string text, TemplateArguments call)
    {
        var parts = new List<string>();
        long length = 0;
        foreach (var item in PythonIteration.Over(call.Required(0, "iterable"), call.Run))
        {
            string part = PythonTypes.TextOf(item) ?? throw new TemplateException(string.Create(
                CultureInfo.InvariantCulture,
                $"join takes texts, item {parts.Count} is of type {PythonTypes.NameOf(item)}"));
            length += part.Length + text.Length;
            call.Run.Reserve(part.Length + text.Length);
            parts.Add(part);
        }

        call.Run.Reserve(length);
        return string.Join(text, parts);
    }

    private static TemplateList Listed(List<string> parts, TemplateRun run)
    {
        run.ReserveItems(parts.Count);
        return new TemplateList([.. parts]);
    }
}
