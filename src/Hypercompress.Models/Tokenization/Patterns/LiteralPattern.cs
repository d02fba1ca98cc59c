namespace Hypercompress.Models.Tokenization.Patterns;

/// <summary>A fixed string; the empty one is a cut before every character.</summary>
internal sealed class LiteralPattern(string literal) : ITextPattern
{
    public void FindMatches(ReadOnlySpan<char> text, List<TextRange> matches, WorkBudget budget)
    {
        int position = 0;
        while (position < text.Length)
        {
            int found = text[position..].IndexOf(literal, StringComparison.Ordinal);
            if (found < 0)
            {
                return;
            }

            matches.Add(new TextRange(position + found, literal.Length));
            bool pair = char.IsHighSurrogate(text[position]) && position + 1 < text.Length;
            position += literal.Length > 0 ? found + literal.Length : pair ? 2 : 1;
        }
    }
}
