using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Members;

/// <summary>
/// Methods of texts that are marked as safe HTML: arguments are escaped, and results are marked again.
/// </summary>
internal static class MarkupMethods
{
    /// <summary>The method of a marked text by its name, or null.</summary>
    public static TemplateFunction? Find(TemplateMarkup markup, string name)
    {
        if (name is "striptags" or "unescape")
        {
            return new TemplateFunction(name, call => name == "unescape"
                ? call.Run.Made(System.Net.WebUtility.HtmlDecode(markup.Text))
                : HtmlTags.Strip(markup.Text, call.Run));
        }

        if (TextMethods.Find(markup.Text, name) is not { } method)
        {
            return null;
        }

        return new TemplateFunction(name, call => name.StartsWith("is", StringComparison.Ordinal) || name is "find"
            or "index" or "rfind" or "rindex" or "count" or "startswith" or "endswith"
                ? method.Call(call)
                : Marked(Call(markup, name, method, call)));
    }

    private static object? Call(TemplateMarkup markup, string name, TemplateFunction method, TemplateArguments call) =>
        name switch
        {
            "join" => method.Call(new TemplateArguments(call.Run, new TemplateIterator(
                PythonIteration.Over(call.Required(0, "iterable"), call.Run)
                    .Select(item => (object?)Markup.Escape(item, call.Run))))),
            "format" => TextFormat.Apply(markup.Text, call, (value, form) => value is TemplateMarkup safe
                ? safe.Text
                : Markup.EscapeText(PythonFormat.Apply(value, form, call.Run), call.Run)),
            "split" or "rsplit" or "strip" or "lstrip" or "rstrip" => method.Call(call),
            _ => method.Call(call with
            {
                Values = [.. call.Values.Select(value => value is string ? Markup.EscapeAll(value, call.Run) : value)],
            }),
        };

    private static object? Marked(object? result) => result switch
    {
        string text => new TemplateMarkup(text),
        TemplateList list => new TemplateList([.. list.Items.Select(Marked)]),
        TemplateTuple tuple => new TemplateTuple([.. tuple.Items.Select(Marked)]),
        _ => result,
    };
}
