using Hypercompress.Models.Tokenization.Patterns;

namespace Hypercompress.Models.Tokenization.PreTokenizers;

/// <summary>GPT-2's: optional space in front, optional cut at words, then bytes in the byte-level alphabet.</summary>
internal sealed class ByteLevelPreTokenizer(bool addPrefixSpace, bool useRegex) : IPreTokenizer
{
    /// <summary>The pattern of GPT-2.</summary>
    public const string WordPattern =
        @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private readonly RegexPattern? _words = useRegex ? new RegexPattern(WordPattern, "tokenizer") : null;

    public void Apply(PreTokenizedText text)
    {
        if (addPrefixSpace)
        {
            text.Rewrite((piece, _, output) => output.Append(piece.StartsWith(' ') ? "" : " ").Append(piece));
        }

        if (_words is not null)
        {
            text.Cut(_words, SplitBehavior.Isolated);
        }

        text.Rewrite((piece, _, output) => ByteAlphabet.Append(piece, output));
    }
}
