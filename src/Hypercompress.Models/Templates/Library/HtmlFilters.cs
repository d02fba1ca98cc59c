using System.Buffers;
using System.Globalization;
using System.Text;
using Hypercompress.Models.Templates.Members;
using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Library;

/// <summary>The filters for HTML and addresses.</summary>
internal static class HtmlFilters
{
    // Characters that end the name of an attribute.
    private static readonly SearchValues<char> Separators = SearchValues.Create(" \t\n\r\f\v/>=");

    /// <summary>The filters by their names.</summary>
    public static IReadOnlyDictionary<string, TemplateFilter> All { get; } = new Dictionary<string, TemplateFilter>
    {
        ["escape"] = new((value, call) => new TemplateMarkup(Markup.Escape(value, call.Run)), []),
        ["e"] = new((value, call) => new TemplateMarkup(Markup.Escape(value, call.Run)), []),
        ["forceescape"] = new((value, call) =>
            new TemplateMarkup(Markup.EscapeText(PythonText.Of(value, call.Run), call.Run)), []),
        ["safe"] = new((value, call) => new TemplateMarkup(PythonText.Of(value, call.Run)), []),
        ["striptags"] = new((value, call) => HtmlTags.Strip(PythonText.Of(value, call.Run), call.Run), []),
        ["xmlattr"] = new(Attributes, "autospace"),
        ["urlencode"] = new(UrlEncode, []),
        ["urlize"] = new((_, _) => throw new TemplateException("the filter 'urlize' is not supported"), null),
    };

    private static object? Attributes(object? value, TemplateArguments call)
    {
        if (value is not TemplateMap map)
        {
            throw new TemplateException($"xmlattr takes a dict, not a value of type {PythonTypes.NameOf(value)}");
        }

        var written = map.Entries.Where(pair => pair.Value is not (null or Undefined)).Select(pair =>
            $"{Name(PythonText.Of(pair.Key, call.Run), call.Run)}=\"{Markup.Escape(pair.Value, call.Run)}\"");
        string text = call.Run.Made(string.Join(' ', written));
        bool spaced = text.Length > 0 && PythonTruth.IsTrue(call.Get(0, "autospace", true));
        return spaced ? " " + text : text;
    }

    private static string Name(string name, TemplateRun run) =>
        !name.AsSpan().ContainsAny(Separators)
            ? Markup.EscapeText(name, run)
            : throw new TemplateException($"'{name}' is not the name of an attribute");

    private static object? UrlEncode(object? value, TemplateArguments call)
    {
        if (value is string or TemplateMarkup || !PythonIteration.CanIterate(value))
        {
            return Quote(PythonText.Of(value, call.Run), "/", call.Run);
        }

        var pairs = value is TemplateMap map ? MapMethods.Pairs(map, call.Run) : value;
        var written = PythonIteration.Over(pairs, call.Run).Select(pair => Pair(pair, call.Run));
        return call.Run.Made(string.Join('&', written));
    }

    private static string Pair(object? pair, TemplateRun run) =>
        PythonIteration.ToList(pair, run) is [var key, var value]
            ? $"{QuoteField(key, run)}={QuoteField(value, run)}"
            : throw new TemplateException("urlencode takes a text, a dict or pairs");

    private static string QuoteField(object? field, TemplateRun run) =>
        Quote(PythonText.Of(field, run), "", run).Replace("%20", "+", StringComparison.Ordinal);

    private static string Quote(string text, string safe, TemplateRun run)
    {
        var output = new StringBuilder();
        foreach (byte unit in Encoding.UTF8.GetBytes(text))
        {
            char sign = (char)unit;
            bool plain = char.IsAsciiLetterOrDigit(sign) || "_.-~".Contains(sign, StringComparison.Ordinal)
                || safe.Contains(sign, StringComparison.Ordinal);
            output.Append(plain ? sign.ToString() : "%" + unit.ToString("X2", CultureInfo.InvariantCulture));
        }

        return run.Made(output.ToString());
    }
}
