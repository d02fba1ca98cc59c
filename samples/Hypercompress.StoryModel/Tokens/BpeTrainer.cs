using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;

namespace Hypercompress.StoryModel.Tokens;

/// <summary>
/// Trains a byte-level BPE vocabulary (Sennrich et al. 2016, with GPT-2's words and bytes): joins the most frequent
/// pair of neighbours, again and again. Ties go to the pair with the smaller ids, so equal texts give equal
/// vocabularies.
/// </summary>
public static partial class BpeTrainer
{
    /// <summary>The token between two texts; it has id 0.</summary>
    public const string EndOfText = "<|endoftext|>";

    // A pair that is met once teaches nothing.
    private const int LeastCount = 2;

    /// <summary>Trains.</summary>
    /// <param name="texts">The texts, without special tokens.</param>
    /// <param name="size">Wanted number of tokens, at least 257; fewer come out when no pair is met twice.</param>
    /// <returns>The vocabulary.</returns>
    public static TrainedVocabulary Train(IEnumerable<string> texts, int size)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 257);
        var words = CountWords(texts);
        var tokens = new List<string> { EndOfText };
        tokens.AddRange(ByteLetters.All.Select(letter => letter.ToString()));
        var merges = ImmutableArray.CreateBuilder<(string, string)>();
        while (tokens.Count < size && MostFrequentPair(words) is { } pair)
        {
            merges.Add((tokens[pair.Left], tokens[pair.Right]));
            words.ForEach(word => Join(word.Ids, pair, tokens.Count));
            tokens.Add(tokens[pair.Left] + tokens[pair.Right]);
        }

        return new([.. tokens], merges.ToImmutable());
    }

    private static List<(List<int> Ids, long Count)> CountWords(IEnumerable<string> texts)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (string text in texts)
        {
            foreach (var match in WordPattern().EnumerateMatches(text))
            {
                string word = text.Substring(match.Index, match.Length);
                counts[word] = counts.GetValueOrDefault(word) + 1;
            }
        }

        return [.. counts.Select(pair => (Encoding.UTF8.GetBytes(pair.Key).Select(b => b + 1).ToList(), pair.Value))];
    }

    private static (int Left, int Right)? MostFrequentPair(List<(List<int> Ids, long Count)> words)
    {
        var counts = new Dictionary<(int Left, int Right), long>();
        foreach (var (ids, count) in words)
        {
            for (int i = 0; i + 1 < ids.Count; i++)
            {
                var pair = (ids[i], ids[i + 1]);
                counts[pair] = counts.GetValueOrDefault(pair) + count;
            }
        }

        var best = counts.Where(pair => pair.Value >= LeastCount)
            .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).FirstOrDefault();
        return best.Value == 0 ? null : best.Key;
    }

    private static void Join(List<int> ids, (int Left, int Right) pair, int joined)
    {
        for (int i = 0; i + 1 < ids.Count; i++)
        {
            if (ids[i] == pair.Left && ids[i + 1] == pair.Right)
            {
                ids[i] = joined;
                ids.RemoveAt(i + 1);
            }
        }
    }

    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")]
    private static partial Regex WordPattern();
}
