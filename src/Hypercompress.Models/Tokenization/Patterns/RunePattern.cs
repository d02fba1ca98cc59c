using System.Text;

namespace Hypercompress.Models.Tokenization.Patterns;

/// <summary>Every single character of a class.</summary>
internal sealed class RunePattern(Func<Rune, bool> belongs) : ITextPattern
{
    public void FindMatches(ReadOnlySpan<char> text, List<TextRange> matches, WorkBudget budget)
    {
        int position = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            int length = rune.Utf16SequenceLength;
            if (belongs(rune))
            {
                matches.Add(new TextRange(position, length));
            }

            position += length;
        }
    }
}
