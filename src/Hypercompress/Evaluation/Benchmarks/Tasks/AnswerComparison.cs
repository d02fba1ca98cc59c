using System.Collections.Immutable;
using Hypercompress.Evaluation.Statistics;
using Hypercompress.Models.Errors;

namespace Hypercompress.Evaluation.Benchmarks.Tasks;

/// <summary>
/// The section <c>exact_match</c> of a task: what does not count when an answer is compared with the right one.
/// </summary>
public sealed record AnswerComparison
{
    private const string Punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    /// <summary>Regular expressions; what they match is taken out of both, one after the other.</summary>
    /// <value>The default is none.</value>
    public ImmutableArray<string> Ignore { get; init; } = [];

    /// <summary>Whether upper and lower case are the same.</summary>
    /// <value>The default is false.</value>
    public bool IgnoreCase { get; init; }

    /// <summary>Whether ASCII punctuation is taken out of both.</summary>
    /// <value>The default is false.</value>
    public bool IgnorePunctuation { get; init; }

    /// <summary>Compares.</summary>
    /// <param name="answer">What a model says.</param>
    /// <param name="target">What is right.</param>
    /// <returns>Whether they are the same.</returns>
    /// <exception cref="ConfigurationException">An expression takes too long.</exception>
    public bool AreEqual(string answer, string target) => Reduce(answer) == Reduce(target);

    private string Reduce(string text)
    {
        foreach (string pattern in Ignore)
        {
            text = PythonText.Remove(text, pattern);
        }

        text = IgnoreCase ? text.ToLowerInvariant() : text;
        return IgnorePunctuation
            ? string.Concat(text.Where(letter => !Punctuation.Contains(letter, StringComparison.Ordinal)))
            : text;
    }
}
