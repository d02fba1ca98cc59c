using Hypercompress.Models.Errors;
using Hypercompress.Models.Tokenization.Bpe;

namespace Hypercompress.Models.Packages.Gguf.Tokenizer;

/// <summary>
/// Merges for a vocabulary that has scores instead (SentencePiece BPE): every way to put a token together from two
/// others, by falling score of the token, so that merging by rank is merging by score.
/// </summary>
internal static class ScoredMerges
{
    // Real vocabularies have a few merges a token; tokens that nest in each other could have millions of long ones.
    private const long MostUnitsEach = 256;
    private const long FreeUnits = 1 << 20;

    /// <param name="scores">Normal tokens and their scores.</param>
    /// <param name="file">The file, for messages.</param>
    /// <returns>Left and right parts, the first to merge first.</returns>
    /// <exception cref="CheckpointException">The merges would fill the memory.</exception>
    public static IEnumerable<(string Left, string Right)> Derive(
        IReadOnlyDictionary<string, (float Score, int Id)> scores, string file)
    {
        var pairs = new PairFinder(scores.Select(pair => (pair.Key, pair.Value.Id)));
        var merges = new List<(string Token, int Cut, float Score, int Id)>();
        long units = 0;
        long most = FreeUnits + (MostUnitsEach * scores.Keys.Sum(token => (long)token.Length));
        foreach (var (token, (score, id)) in scores)
        {
            foreach (var (cut, _, _) in pairs.PairsOf(token))
            {
                merges.Add((token, cut, score, id));
                units += token.Length;
            }

            if (units > most)
            {
                throw new CheckpointException(file, "tokenizer.ggml.tokens nest too deeply in each other");
            }
        }

        return merges.OrderByDescending(merge => merge.Score).ThenBy(merge => merge.Id)
            .ThenByDescending(merge => merge.Cut).Select(merge => (merge.Token[..merge.Cut], merge.Token[merge.Cut..]));
    }
}
