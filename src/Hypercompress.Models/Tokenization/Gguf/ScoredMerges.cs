namespace Hypercompress.Models.Tokenization.Gguf;

/// <summary>
/// Merges for a vocabulary that has scores instead (SentencePiece BPE): every way to put a token together from two
/// others, by falling score of the token, so that merging by rank is merging by score.
/// </summary>
internal static class ScoredMerges
{
    /// <param name="scores">Normal tokens and their scores.</param>
    /// <returns>Left and right parts, the first to merge first.</returns>
    public static IEnumerable<(string Left, string Right)> Derive(
        IReadOnlyDictionary<string, (float Score, int Id)> scores)
    {
        var merges = new List<(string Left, string Right, float Score, int Id)>();
        foreach (var (token, (score, id)) in scores)
        {
            for (int cut = 1; cut < token.Length; cut++)
            {
                // Half a character is no symbol.
                if (char.IsLowSurrogate(token[cut]))
                {
                    continue;
                }

                string left = token[..cut];
                string right = token[cut..];
                if (scores.ContainsKey(left) && scores.ContainsKey(right))
                {
                    merges.Add((left, right, score, id));
                }
            }
        }

        return merges.OrderByDescending(merge => merge.Score).ThenBy(merge => merge.Id)
            .ThenByDescending(merge => merge.Left.Length).Select(merge => (merge.Left, merge.Right));
    }
}
