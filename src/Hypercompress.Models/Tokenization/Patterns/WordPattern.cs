using System.Text;

namespace Hypercompress.Models.Tokenization.Patterns;

/// <summary>Runs of word characters and runs of signs: <c>\w+|[^\w\s]+</c>.</summary>
internal sealed class WordPattern : ITextPattern
{
    public void FindMatches(ReadOnlySpan<char> text, List<TextRange> matches, WorkBudget budget)
    {
        int position = 0;
        int start = 0;
        int kind = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            int next = Rune.IsWhiteSpace(rune) ? 0 : CharacterClasses.IsWord(rune) ? 1 : 2;
            if (next != kind)
            {
                Close(matches, kind, start, position);
                start = position;
                kind = next;
            }

            position += rune.Utf16SequenceLength;
        }

        Close(matches, kind, start, position);
    }

    private static void Close(List<TextRange> matches, int kind, int start, int end)
    {
        if (kind != 0 && end > start)
        {
            matches.Add(new TextRange(start, end - start));
        }
    }
}
