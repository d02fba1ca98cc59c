using Hypercompress.Models.Tokenization;

namespace Hypercompress.Pipeline.Saving;

/// <summary>Finds a place in a text where a prompt may begin; a text that was cut may begin within a word.</summary>
internal static class PromptStart
{
    private const int Farthest = 200;

    /// <summary>Finds the first token after a sentence or line, or else the first token of a word.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="ids">The text.</param>
    /// <param name="length">Tokens that the prompt needs.</param>
    /// <returns>Index of the first token of the prompt; 0 where nothing was found.</returns>
    public static int Find(ITokenizer tokenizer, ReadOnlySpan<int> ids, int length)
    {
        int word = 0;
        string before = string.Empty;
        for (int i = 0; i < Math.Min(Farthest, ids.Length - length); i++)
        {
            string after = tokenizer.Decode([.. ids[..(i + 1)]], skipSpecialTokens: true);
            if (i > 0 && IsWord(before, after))
            {
                if (EndsSentence(before))
                {
                    return i;
                }

                word = word == 0 ? i : word;
            }

            before = after;
        }

        return word;
    }

    /// <summary>Finds the end of a prompt that is not within a word.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="ids">The text from the beginning of the prompt.</param>
    /// <param name="length">Tokens of the prompt at most.</param>
    /// <returns>Tokens of the prompt; at least half of those, in the middle of a word if need be.</returns>
    public static int EndOfWord(ITokenizer tokenizer, ReadOnlySpan<int> ids, int length)
    {
        for (int end = length; end > length / 2 && end < ids.Length; end--)
        {
            string before = tokenizer.Decode([.. ids[..end]], skipSpecialTokens: true);
            string after = tokenizer.Decode([.. ids[..(end + 1)]], skipSpecialTokens: true);
            bool goesOn = after.Length > before.Length
                && after.StartsWith(before, StringComparison.Ordinal)
                && before.Length > 0
                && char.IsLetterOrDigit(before[^1])
                && (char.IsLetterOrDigit(after[before.Length]) || after[before.Length] is '\'' or '’');
            if (!goesOn)
            {
                return end;
            }
        }

        return length;
    }

    private static bool IsWord(string before, string after) =>
        after.Length > before.Length
        && after.StartsWith(before, StringComparison.Ordinal)
        && after.AsSpan(before.Length).TrimStart() is [var first, ..] && char.IsLetterOrDigit(first)
        && (before.Length == 0 || char.IsWhiteSpace(before[^1]) || char.IsWhiteSpace(after[before.Length]));

    private static bool EndsSentence(string before)
    {
        string text = before.TrimEnd(' ');
        return text.EndsWith('\n') || text.TrimEnd('"', '\'', '”', '’', ')') is [.., '.' or '!' or '?'];
    }
}
