using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Members;

/// <summary>Python's methods of strings.</summary>
internal static class TextMethods
{
    private static readonly Dictionary<string, TextMethod> Methods = new(StringComparer.Ordinal)
    {
        ["capitalize"] = new((text, call) => call.Run.Made(TextCases.Capitalize(text)), []),
        ["casefold"] = new((text, call) => call.Run.Made(TextCases.Fold(text)), []),
        ["lower"] = new((text, call) => call.Run.Made(TextCases.Lower(text)), []),
        ["swapcase"] = new((text, call) => call.Run.Made(TextCases.Swap(text)), []),
        ["title"] = new((text, call) => call.Run.Made(TextCases.Title(text)), []),
        ["upper"] = new((text, call) => call.Run.Made(TextCases.Upper(text)), []),

        ["isalnum"] = Test(text => TextClasses.All(text, TextClasses.IsAlphanumeric)),
        ["isalpha"] = Test(text => TextClasses.All(text, TextClasses.IsAlpha)),
        ["isascii"] = Test(text => text.All(char.IsAscii)),
        ["isdecimal"] = Test(text => TextClasses.All(text, TextClasses.IsDecimal)),
        ["isdigit"] = Test(text => TextClasses.All(text, TextClasses.IsDigit)),
        ["isidentifier"] = Test(TextClasses.IsIdentifier),
        ["islower"] = Test(text => TextClasses.AllOfCase(text, TextClasses.IsLower)),
        ["isnumeric"] = Test(text => TextClasses.All(text, TextClasses.IsNumeric)),
        ["isprintable"] = Test(text => CodePoints.Values(text).All(TextEscapes.IsPrintable)),
        ["isspace"] = Test(text => TextClasses.All(text, point => TextParts.IsSpace(point[0]))),
        ["istitle"] = Test(TextClasses.IsTitle),
        ["isupper"] = Test(text => TextClasses.AllOfCase(text, TextClasses.IsUpper)),

        ["center"] = new((text, call) => TextPadding.Center(text, call), "width", "fillchar"),
        ["ljust"] = new((text, call) => TextPadding.Fill(text, call, atEnd: true), "width", "fillchar"),
        ["rjust"] = new((text, call) => TextPadding.Fill(text, call, atEnd: false), "width", "fillchar"),
        ["zfill"] = new(TextPadding.Zeros, "width"),
        ["expandtabs"] = new(TextPadding.Tabs, "tabsize"),

        ["count"] = new(TextSearch.Count, "sub", "start", "end"),
        ["find"] = Find(last: false, required: false),
        ["index"] = Find(last: false, required: true),
        ["rfind"] = Find(last: true, required: false),
        ["rindex"] = Find(last: true, required: true),
        ["startswith"] = new((text, call) => TextSearch.Touches(text, call, atEnd: false), "prefix", "start", "end"),
        ["endswith"] = new((text, call) => TextSearch.Touches(text, call, atEnd: true), "suffix", "start", "end"),
        ["replace"] = new(TextSearch.Replace, "old", "new", "count"),
        ["translate"] = new(TextSearch.Translate, "table"),

        ["strip"] = new((text, call) => call.Run.Made(TextParts.Strip(text, call.Text(0, "chars"))), "chars"),
        ["lstrip"] = new(
            (text, call) => call.Run.Made(TextParts.Strip(text, call.Text(0, "chars"), right: false)), "chars"),
        ["rstrip"] = new(
            (text, call) => call.Run.Made(TextParts.Strip(text, call.Text(0, "chars"), left: false)), "chars"),
        ["removeprefix"] = new(TextCutting.WithoutPrefix, "prefix"),
        ["removesuffix"] = new(TextCutting.WithoutSuffix, "suffix"),
        ["split"] = new((text, call) => TextCutting.Split(text, call, fromEnd: false), "sep", "maxsplit"),
        ["rsplit"] = new((text, call) => TextCutting.Split(text, call, fromEnd: true), "sep", "maxsplit"),
        ["splitlines"] = new(TextCutting.Lines, "keepends"),
        ["partition"] = new((text, call) => TextCutting.Partition(text, call, last: false), "sep"),
        ["rpartition"] = new((text, call) => TextCutting.Partition(text, call, last: true), "sep"),
        ["join"] = new(TextCutting.Join, "iterable"),

        ["format"] = new((text, call) => TextFormat.Apply(text, call), null),
        ["format_map"] = new(TextFormat.ApplyMap, "mapping"),
        ["encode"] = new(
            (_, _) => throw new TemplateException("bytes are not supported, so texts cannot be encoded"), null),
    };

    /// <summary>The method of a text by its name, or null.</summary>
    public static TemplateFunction? Find(string text, string name) =>
        Methods.TryGetValue(name, out var method) ? method.Bind(name, text) : null;

    private static TextMethod Find(bool last, bool required) =>
        new((text, call) => TextSearch.Find(text, call, last, required), "sub", "start", "end");

    private static TextMethod Test(Func<string, bool> kind) => new((text, _) => kind(text), []);
}
