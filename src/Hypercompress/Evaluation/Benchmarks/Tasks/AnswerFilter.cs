using System.Text.RegularExpressions;
using Hypercompress.Evaluation.Statistics;
using Hypercompress.Models.Errors;

namespace Hypercompress.Evaluation.Benchmarks.Tasks;

/// <summary>Finds the answer in a generated text. A task may have several; each gives scores of its own.</summary>
public sealed record AnswerFilter
{
    /// <summary>The value for an answer that was not found.</summary>
    public const string Invalid = "[invalid]";

    /// <summary>The name of scores without a filter.</summary>
    public const string None = "none";

    /// <summary>Its name in results.</summary>
    /// <value>Such as <c>strict-match</c>. Needed.</value>
    public string Name { get; init; } = string.Empty;

    /// <summary>
    /// A regular expression. Where it has groups, the answer is the first group that is not empty, otherwise the match.
    /// </summary>
    /// <value>Needed.</value>
    public string Pattern { get; init; } = string.Empty;

    /// <summary>Which match counts.</summary>
    /// <value>The default is <c>first</c>.</value>
    public FilterMatch Match { get; init; } = FilterMatch.First;

    /// <summary>Finds the answer.</summary>
    /// <param name="text">A generated text.</param>
    /// <returns>The answer without white space around it, or <see cref="Invalid"/>.</returns>
    /// <exception cref="ConfigurationException">The pattern takes too long on this text.</exception>
    public string Find(string text)
    {
        Regex pattern = PythonText.Compile(Pattern);
        try
        {
            MatchCollection matches = pattern.Matches(text);
            return matches.Count == 0 ? Invalid : Answer(matches[Match == FilterMatch.First ? 0 : matches.Count - 1]);
        }
        catch (RegexMatchTimeoutException problem)
        {
            throw new ConfigurationException(
                $"the filter '{Name}' takes too long on a text of {text.Length} letters", problem);
        }
    }

    // With one group Python gives the group even where it is empty; with several, only some of them take part.
    private static string Answer(Match match) => match.Groups.Count switch
    {
        1 => match.Value.Trim(),
        2 => match.Groups[1].Value.Trim(),
        _ => match.Groups.Values.Skip(1).FirstOrDefault(group => group.Length > 0)?.Value.Trim() ?? Invalid,
    };
}
