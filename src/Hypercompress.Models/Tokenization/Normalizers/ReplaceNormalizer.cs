using System.Text;

namespace Hypercompress.Models.Tokenization.Normalizers;

/// <summary>Replaces every match by a fixed text.</summary>
internal sealed class ReplaceNormalizer(ITextPattern pattern, string content) : INormalizer
{
    public NormalizedText Normalize(NormalizedText text)
    {
        var matches = new List<TextRange>();
        pattern.FindMatches(text.Text, matches, text.Budget);
        if (matches.Count == 0)
        {
            return text;
        }

        text.Budget.Spend((long)matches.Count * content.Length);
        bool keepsFirst = KeepsFirst(text.Text, matches[0]);
        return text.With(Replace(text.Text, matches)) with { StartsInput = text.StartsInput && keepsFirst };
    }

    // What replaces several characters stands for the last of them; where nothing does, the next one comes first.
    private bool KeepsFirst(string text, TextRange match)
    {
        bool isSingle = content.Length > 0 && match.Length == Rune.GetRuneAt(text, 0).Utf16SequenceLength;
        return match.Start > 0 || match.Length == 0 || isSingle;
    }

    private string Replace(string text, List<TextRange> matches)
    {
        var output = new StringBuilder(text.Length);
        int position = 0;
        foreach (var match in matches)
        {
            output.Append(text, position, match.Start - position).Append(content);
            position = match.End;
        }

        return output.Append(text, position, text.Length - position).ToString();
    }
}
