using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Hypercompress.Models.Errors;

namespace Hypercompress.Evaluation.Statistics;

/// <summary>
/// Python's rules for texts and regular expressions where .NET's differ, since task scores depend on them.
/// </summary>
internal static class PythonText
{
    // A pattern that runs away on some text must not hold up a run for ever.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    // Task files of a long-lived process may name any number of patterns.
    private const int MostCompiled = 256;

    private static readonly ConcurrentDictionary<string, Regex> Compiled = new(StringComparer.Ordinal);

    /// <summary>Patterns that are kept for their next use.</summary>
    internal static int CompiledCount => Compiled.Count;

    /// <summary>Whether <c>str.isspace</c> says so: as .NET, and the four separators of ASCII.</summary>
    public static bool IsSpace(char letter) => char.IsWhiteSpace(letter) || letter is >= '\x1c' and <= '\x1f';

    /// <summary>
    /// Number of parts that <c>re.split(r"\s+", text)</c> gives; white space at an end adds an empty one.
    /// </summary>
    public static int CountWords(string text)
    {
        int words = 1;
        for (int i = 0; i < text.Length; i++)
        {
            words += IsSpace(text[i]) && (i == 0 || !IsSpace(text[i - 1])) ? 1 : 0;
        }

        return words;
    }

    /// <summary>Whether a text is a regular expression.</summary>
    public static bool IsPattern(string text)
    {
        try
        {
            Compile(text);
            return true;
        }
        catch (RegexParseException)
        {
            return false;
        }
    }

    /// <summary>A regular expression that gives up on a text after some seconds.</summary>
    /// <exception cref="RegexParseException">It is malformed.</exception>
    public static Regex Compile(string pattern)
    {
        if (Compiled.TryGetValue(pattern, out Regex? known))
        {
            return known;
        }

        var regex = new Regex(pattern, RegexOptions.CultureInvariant, Limit);
        return CompiledCount < MostCompiled ? Compiled.GetOrAdd(pattern, regex) : regex;
    }

    /// <summary>A text without what a pattern matches.</summary>
    /// <exception cref="ConfigurationException">The pattern takes too long on this text.</exception>
    public static string Remove(string text, string pattern)
    {
        try
        {
            return Compile(pattern).Replace(text, string.Empty);
        }
        catch (RegexMatchTimeoutException problem)
        {
            throw new ConfigurationException($"'{pattern}' takes too long on a text of {text.Length} letters", problem);
        }
    }
}
