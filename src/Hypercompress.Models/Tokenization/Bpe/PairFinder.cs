namespace Hypercompress.Models.Tokenization.Bpe;

/// <summary>Finds the pairs of symbols that a text can be put together from, in time linear in its length.</summary>
internal sealed class PairFinder
{
    private readonly CharacterTrie _forward = new();
    private readonly CharacterTrie _backward = new();

    /// <param name="symbols">Texts and ids; none is empty.</param>
    public PairFinder(IEnumerable<(string Text, int Id)> symbols)
    {
        foreach (var (text, id) in symbols)
        {
            _forward.Add(text, id);
            _backward.Add(Reversed(text), id);
        }
    }

    /// <summary>All pairs, by growing length of the left one.</summary>
    /// <param name="text">The text.</param>
    public IEnumerable<(int Cut, int Left, int Right)> PairsOf(string text)
    {
        int[] left = Walk(_forward, text);
        int[] right = Walk(_backward, Reversed(text));
        for (int cut = 1; cut < text.Length; cut++)
        {
            if (left[cut] >= 0 && right[text.Length - cut] >= 0)
            {
                yield return (cut, left[cut], right[text.Length - cut]);
            }
        }
    }

    private static string Reversed(string text)
    {
        char[] units = text.ToCharArray();
        Array.Reverse(units);
        return new string(units);
    }

    /// <summary>The symbol that the first units are, for every number of units.</summary>
    private static int[] Walk(CharacterTrie trie, string text)
    {
        int[] symbols = new int[text.Length + 1];
        Array.Fill(symbols, CharacterTrie.NoValue);
        int node = CharacterTrie.Root;
        for (int i = 0; i < text.Length && trie.TryStep(node, text[i], out node); i++)
        {
            symbols[i + 1] = trie.ValueAt(node);
        }

        return symbols;
    }
}
