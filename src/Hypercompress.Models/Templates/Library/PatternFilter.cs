using System.Globalization;
using System.Text.RegularExpressions;
using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Library;

/// <summary>The filter <c>regex_replace</c> of lm-evaluation-harness: Python's <c>re.sub</c>.</summary>
internal static partial class PatternFilter
{
    // A pattern that runs away must not take the process with it.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>Replaces every match.</summary>
    /// <exception cref="TemplateException">The pattern is malformed or takes too long.</exception>
    public static object? Replace(object? value, TemplateArguments call)
    {
        string pattern = call.RequiredText(0, "pattern");
        string fresh = call.RequiredText(1, "repl");
        PythonTypes.RequireDefined(value);
        string text = PythonText.Of(value, call.Run);
        try
        {
            return call.Run.Made(
                Regex.Replace(text, pattern, ToNet(fresh), RegexOptions.CultureInvariant, Limit));
        }
        catch (RegexParseException problem)
        {
            throw new TemplateException($"'{pattern}' is not a regular expression: {problem.Message}");
        }
        catch (RegexMatchTimeoutException)
        {
            throw new TemplateException(string.Create(CultureInfo.InvariantCulture,
                $"'{pattern}' took more than {Limit.TotalSeconds:F0} s on a text of {text.Length} letters"));
        }
    }

    // Python writes groups as \1, .NET as ${1}.
    private static string ToNet(string replacement) => Group().Replace(
        replacement.Replace("$", "$$", StringComparison.Ordinal), "$${$1}");

    [GeneratedRegex(@"\\([0-9])")]
    private static partial Regex Group();
}
