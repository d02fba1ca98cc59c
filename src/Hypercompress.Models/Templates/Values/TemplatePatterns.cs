using System.Text.RegularExpressions;

namespace Hypercompress.Models.Templates.Values;

/// <summary>The filter <c>regex_replace</c>, Python's <c>re.sub</c>.</summary>
internal static partial class TemplatePatterns
{
    // A pattern that runs away must not take the process with it.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <exception cref="TemplateException">The pattern is malformed or takes too long.</exception>
    public static object? Replace(object? value, TemplateArguments call)
    {
        string pattern = call.Text(0, "pattern") ?? throw new TemplateException("the argument 'pattern' is missing");
        string fresh = call.Text(1, "repl") ?? throw new TemplateException("the argument 'repl' is missing");
        string text = TemplateValues.Text(value);
        try
        {
            return Regex.Replace(text, pattern, ToNet(fresh), RegexOptions.CultureInvariant, Limit);
        }
        catch (RegexParseException problem)
        {
            throw new TemplateException($"'{pattern}' is no regular expression: {problem.Message}");
        }
        catch (RegexMatchTimeoutException)
        {
            throw new TemplateException($"'{pattern}' took more than {Limit.TotalSeconds:F0} s on a text of {text.Length} letters");
        }
    }

    // Python writes groups as \1, .NET as ${1}.
    private static string ToNet(string replacement) => Group().Replace(
        replacement.Replace("$", "$$", StringComparison.Ordinal), "$${$1}");

    [GeneratedRegex(@"\\([0-9])")]
    private static partial Regex Group();
}
