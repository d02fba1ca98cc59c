namespace Hypercompress.Evaluation.Benchmarks.Scoring;

/// <summary>
/// Decides which documents are read in one pass: the longest first, so that what memory has to hold shows at once.
/// </summary>
internal static class PackPlanner
{
    // Attention within a pack grows with its square, the weights are read once for all of it: between the two.
    private const int TokensPerPack = 512;

    /// <summary>Groups documents.</summary>
    /// <param name="items">The sequences of every document, at least one each.</param>
    /// <returns>Indices of documents, each once.</returns>
    public static IEnumerable<IReadOnlyList<int>> Plan(IReadOnlyList<IReadOnlyList<ScoredSequence>> items)
    {
        if (items.Count == 0)
        {
            yield break;
        }

        int shared = items.SelectMany(item => item).Aggregate(
            items[0][0].Ids.AsMemory(),
            (prefix, sequence) => prefix[..prefix.Span.CommonPrefixLength(sequence.Ids)]).Length;
        var pack = new List<int>();
        int tokens = 0;
        foreach (
            int index in Enumerable.Range(0, items.Count)
            .OrderByDescending(index => items[index].Max(s => s.InputLength)))
        {
            int cost = Cost(items[index], shared);
            if (pack.Count > 0 && tokens + cost > TokensPerPack)
            {
                yield return pack;
                (pack, tokens) = ([], 0);
            }

            pack.Add(index);
            tokens += cost;
        }

        yield return pack;
    }

    // What the sequences of a document share counts once, what all documents share not at all.
    private static int Cost(IReadOnlyList<ScoredSequence> item, int shared)
    {
        int own = item.Aggregate(
            item[0].Ids.AsMemory(0, item[0].InputLength),
            (prefix, sequence) => prefix[..prefix.Span.CommonPrefixLength(sequence.Ids)]).Length;
        return own - Math.Min(own, shared) + item.Sum(sequence => Math.Max(0, sequence.InputLength - own));
    }
}
