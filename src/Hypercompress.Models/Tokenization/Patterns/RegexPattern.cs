using System.Text.RegularExpressions;

namespace Hypercompress.Models.Tokenization.Patterns;

/// <summary>
/// A regular expression of a tokenizer file, matched by character as Oniguruma does, not by UTF-16 unit: characters
/// outside the basic plane are matched through one-unit stand-ins of the same Unicode category.
/// </summary>
internal sealed class RegexPattern : ITextPattern
{
    private readonly Regex _regex;

    /// <exception cref="ArgumentException">The pattern is not understood.</exception>
    public RegexPattern(string pattern) => _regex = new Regex(
        RegexDialect.ToDotNet(pattern), RegexOptions.Compiled | RegexOptions.CultureInvariant);

    public void FindMatches(ReadOnlySpan<char> text, List<TextRange> matches)
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
        var compact = new StandInText(text);
        int pair = 0;
        foreach (var match in _regex.EnumerateMatches(compact.Units))
        {
            int start = compact.ToOriginal(match.Index, ref pair);
            int end = compact.ToOriginal(match.Index + match.Length, ref pair);
            matches.Add(new TextRange(start, end - start));
        }
    }
}
