using Hypercompress.Models.Errors;
using Hypercompress.Models.Tokenization.Patterns.Matching;

namespace Hypercompress.Models.Tokenization.Patterns;

/// <summary>
/// A regular expression of a tokenizer file, matched as Oniguruma does, which Hugging Face's tokenizers uses.
/// </summary>
internal sealed class RegexPattern : ITextPattern
{
    /// <summary>The largest size of a pattern in UTF-16 units; published ones have less than a thousand.</summary>
    public const int LongestPattern = 1 << 16;

    private readonly PatternProgram _program;
    private readonly string _pattern;
    private readonly string _file;

    /// <param name="pattern">The regular expression.</param>
    /// <param name="file">The file that it comes from, for messages.</param>
    /// <exception cref="ArgumentException">The pattern is malformed or too large, or has a construct that is not
    /// supported; the message names it.</exception>
    public RegexPattern(string pattern, string file)
    {
        if (pattern.Length > LongestPattern)
        {
            throw new ArgumentException($"it has {pattern.Length} characters, at most {LongestPattern} are supported");
        }

        (_pattern, _file) = (pattern, file);
        _program = PatternProgram.Compile(pattern);
    }

    /// <summary>The beginning of a pattern, for messages.</summary>
    public static string Shortened(string pattern) => pattern.Length <= 100 ? pattern : $"{pattern[..100]}…";

    /// <exception cref="CheckpointException">The search takes too long.</exception>
    public void FindMatches(ReadOnlySpan<char> text, List<TextRange> matches, WorkBudget budget)
    {
        try
        {
            new Matcher(_program, text, budget).FindAll(matches);
        }
        catch (WorkBudgetException problem)
        {
            string pattern = Shortened(_pattern);
            throw new CheckpointException(_file, $"has the regular expression '{pattern}', which takes too "
                + $"long to match: a text of {text.Length} characters needs more steps than that allows", problem);
        }
    }
}
