namespace Hypercompress.Models.Tokenization.Patterns;

/// <summary>A fixed, non-empty string.</summary>
internal sealed class LiteralPattern(string literal) : ITextPattern
{
    public void FindMatches(ReadOnlySpan<char> text, List<TextRange> matches)
    {
        int position = 0;
        while (true)
        {
            int found = text[position..].IndexOf(literal, StringComparison.Ordinal);
            if (found < 0)
            {
                return;
            }

            matches.Add(new TextRange(position + found, literal.Length));
            position += found + literal.Length;
        }
    }
}
