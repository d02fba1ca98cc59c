using Hypercompress.Models.Errors;
using Hypercompress.Models.Tokenization;

namespace Hypercompress.Models.Corpora;

/// <summary>A corpus as one long row of token ids.</summary>
/// <param name="Ids">The ids in order.</param>
public sealed record TokenStream(int[] Ids)
{
    /// <summary>Tokenizes a corpus as one text, its documents joined by a blank line.</summary>
    /// <param name="corpus">The documents.</param>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="addSpecialTokens">Whether the tokenizer's special tokens (BOS) are added, once, at the
    /// ends.</param>
    /// <param name="maxDocuments">How many documents at most; null for all.</param>
    /// <returns>The ids.</returns>
    /// <exception cref="Errors.CheckpointException">A file of the corpus is malformed.</exception>
    public static TokenStream FromCorpus(
        TextCorpus corpus, ITokenizer tokenizer, bool addSpecialTokens = true, int? maxDocuments = null)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        ArgumentNullException.ThrowIfNull(tokenizer);
        return new TokenStream(tokenizer.Encode(corpus.ReadJoined(maxDocuments), addSpecialTokens));
    }

    /// <summary>Cuts the row into consecutive windows; what is left at the end is dropped.</summary>
    /// <param name="length">Tokens per window, 1 or more.</param>
    /// <param name="maxWindows">How many windows at most; null for all.</param>
    /// <returns>The windows; none when the row is shorter than one.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The length is below 1, or the limit is negative.</exception>
    public TokenWindows Windows(int length, int? maxWindows = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(maxWindows ?? 0);
        int count = Math.Min(Ids.Length / length, maxWindows ?? int.MaxValue);
        return new TokenWindows(Ids, length, [.. Enumerable.Range(0, count).Select(window => window * length)]);
    }
}
