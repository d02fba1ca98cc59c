using System.Globalization;
using System.Text.RegularExpressions;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Python;

/// <summary>
/// Python's format specification: <c>[[fill]align][sign][#][0][width][grouping][.precision][type]</c>.
/// </summary>
internal sealed partial record FormatSpecification
{
    private const int MostDigits = 1000;

    /// <summary>The character that fills the width.</summary>
    public string Fill { get; init; } = " ";

    /// <summary>One of <c>&lt; &gt; ^ =</c>; null for the type's own.</summary>
    public char? Align { get; init; }

    /// <summary>One of <c>+ -</c> and space.</summary>
    public char Sign { get; init; } = '-';

    /// <summary>Whether the other form is asked for, such as <c>0x</c> before hexadecimal digits.</summary>
    public bool Alternate { get; init; }

    /// <summary>The least width.</summary>
    public long Width { get; init; }

    /// <summary><c>,</c> or <c>_</c> between groups of digits; null for none.</summary>
    public char? Grouping { get; init; }

    /// <summary>Digits of a float, or the most characters of a text; null for the type's own.</summary>
    public int? Precision { get; init; }

    /// <summary>The type's letter; null for the type's own.</summary>
    public char? Type { get; init; }

    /// <summary>Reads a specification.</summary>
    /// <exception cref="TemplateException">It is malformed, or asks for too much.</exception>
    public static FormatSpecification Parse(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success)
        {
            throw new TemplateException($"'{text}' is not a format specification");
        }

        bool zero = match.Groups["zero"].Success;
        return new FormatSpecification
        {
            Fill = match.Groups["fill"] is { Success: true, Length: > 0 } fill ? fill.Value : zero ? "0" : " ",
            Align = Letter(match, "align") ?? (zero ? '=' : null),
            Sign = Letter(match, "sign") ?? '-',
            Alternate = match.Groups["alternate"].Success,
            Width = Number(match, "width") ?? 0,
            Grouping = Letter(match, "grouping"),
            Precision = (int?)Number(match, "precision"),
            Type = Letter(match, "type"),
        };
    }

    /// <summary>Fills a text up to the width.</summary>
    /// <param name="sign">What stays in front when the filling goes between sign and digits.</param>
    /// <param name="body">The rest.</param>
    /// <param name="natural">The alignment of the type.</param>
    /// <param name="run">The rendering that pays.</param>
    /// <exception cref="TemplateException">The width is too large.</exception>
    public string Pad(string sign, string body, char natural, TemplateRun run)
    {
        long missing = Width - CodePoints.Count(sign) - CodePoints.Count(body);
        if (missing <= 0)
        {
            return run.Made(sign + body);
        }

        run.Reserve(Width * Fill.Length);
        string Filling(long count) => string.Concat(Enumerable.Repeat(Fill, (int)count));
        return (Align ?? natural) switch
        {
            '<' => sign + body + Filling(missing),
            '^' => Filling(missing / 2) + sign + body + Filling(missing - (missing / 2)),
            '=' => sign + Filling(missing) + body,
            _ => Filling(missing) + sign + body,
        };
    }

    private static char? Letter(Match match, string name) =>
        match.Groups[name] is { Success: true, Length: > 0 } group ? group.Value[0] : null;

    private static long? Number(Match match, string name)
    {
        if (match.Groups[name] is not { Success: true, Length: > 0 } group)
        {
            return null;
        }

        bool small = long.TryParse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            && (name == "width" ? number <= int.MaxValue : number <= MostDigits);
        return small ? number : throw new TemplateException($"the {name} {group.Value} of a format is too large");
    }

    [GeneratedRegex(
        @"^(?:(?<fill>[\uD800-\uDBFF][\uDC00-\uDFFF]|[\s\S])?(?<align>[<>=^]))?(?<sign>[-+ ])?(?<alternate>\#)?"
        + @"(?<zero>0)?(?<width>\d+)?(?<grouping>[,_])?(?:\.(?<precision>\d+))?(?<type>[a-zA-Z%])?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
