namespace Hypercompress.Settings;

/// <summary>Finds the word that was probably meant.</summary>
public static class KeySuggestions
{
    /// <summary>The nearest candidate, or null when none is near.</summary>
    /// <param name="word">The word as it was written.</param>
    /// <param name="candidates">The known words.</param>
    /// <returns>
    /// The candidate with the fewest edits, where they are at most 2 or a third of the word, whichever is more.
    /// </returns>
    public static string? Nearest(string word, IEnumerable<string> candidates)
    {
        int limit = Math.Max(2, word.Length / 3);
        return candidates
            .Where(candidate => Math.Abs(candidate.Length - word.Length) <= limit)
            .Select(candidate => (Candidate: candidate, Distance: Distance(word, candidate)))
            .Where(pair => pair.Distance <= limit && pair.Distance < pair.Candidate.Length)
            .OrderBy(pair => pair.Distance)
            .ThenBy(pair => pair.Candidate, StringComparer.Ordinal)
            .Select(pair => pair.Candidate)
            .FirstOrDefault();
    }

    /// <summary>
    /// Insertions, deletions, substitutions and swaps of neighbours that turn one word into the other.
    /// </summary>
    internal static int Distance(string left, string right)
    {
        var costs = new int[left.Length + 1, right.Length + 1];
        for (int i = 0; i <= left.Length; i++)
        {
            for (int j = 0; j <= right.Length; j++)
            {
                costs[i, j] = i == 0 || j == 0 ? i + j : Step(costs, left, right, i, j);
            }
        }

        return costs[left.Length, right.Length];
    }

    private static int Step(int[,] costs, string left, string right, int i, int j)
    {
        int substituted = costs[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
        int best = Math.Min(substituted, Math.Min(costs[i - 1, j], costs[i, j - 1]) + 1);
        bool swapped = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
        return swapped ? Math.Min(best, costs[i - 2, j - 2] + 1) : best;
    }
}
