using System.Text.RegularExpressions;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Tokenization.Patterns;

/// <summary>
/// A regular expression of a tokenizer file, matched by character as Oniguruma does, not by UTF-16 unit: characters
/// outside the basic plane are matched through one-unit stand-ins of the same Unicode category.
/// </summary>
internal sealed class RegexPattern : ITextPattern
{
    // A match takes microseconds; a pattern made to backtrack for ever takes for ever.
    private static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(10);

    private readonly Regex _regex;
    private readonly string _file;

    /// <param name="pattern">The regular expression.</param>
    /// <param name="file">The file that it comes from, for messages.</param>
    /// <exception cref="ArgumentException">The pattern is not understood.</exception>
    public RegexPattern(string pattern, string file)
    {
        _file = file;
        _regex = new Regex(
            RegexDialect.ToDotNet(pattern), RegexOptions.Compiled | RegexOptions.CultureInvariant, LongestMatch);
    }

    /// <exception cref="CheckpointException">A match takes too long.</exception>
    public void FindMatches(ReadOnlySpan<char> text, List<TextRange> matches)
    {
        try
        {
            Find(text, matches);
        }
        catch (RegexMatchTimeoutException problem)
        {
            throw new CheckpointException(
                _file, $"has the regular expression '{problem.Pattern}', which takes too long to match", problem);
        }
    }

    private void Find(ReadOnlySpan<char> text, List<TextRange> matches)
    {
        if (text.ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            FindWithStandIns(text, matches);
            return;
        }

        foreach (var match in _regex.EnumerateMatches(text))
        {
            matches.Add(new TextRange(match.Index, match.Length));
        }
    }

    private void FindWithStandIns(ReadOnlySpan<char> text, List<TextRange> matches)
    {
        var compact = new SurrogateSafeText(text);
        int pair = 0;
        foreach (var match in _regex.EnumerateMatches(compact.Units))
        {
            int start = compact.ToOriginal(match.Index, ref pair);
            int end = compact.ToOriginal(match.Index + match.Length, ref pair);
            matches.Add(new TextRange(start, end - start));
        }
    }
}
