namespace Hypercompress.Models.Tokenization.WordPiece;

/// <summary>
/// WordPiece (Schuster and Nakajima 2012) as BERT uses it: from the left, the longest token that fits; a word of which
/// any part fits nothing is unknown as a whole.
/// </summary>
internal sealed class WordPieceModel : ITokenModel
{
    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<int, string> _tokens = [];
    private readonly CharacterTrie _trie = new();
    private readonly int? _continuation;
    private readonly int _unknownId;
    private readonly long _longestWord;

    /// <param name="ids">The vocabulary.</param>
    /// <param name="unknownId">The id of a word that cannot be put together.</param>
    /// <param name="prefix">Stands before every token that continues a word.</param>
    /// <param name="longestWord">Words of more characters are unknown.</param>
    public WordPieceModel(Dictionary<string, int> ids, int unknownId, string prefix, long longestWord)
    {
        (_ids, _unknownId, _longestWord) = (ids, unknownId, longestWord);
        foreach (var (token, id) in ids)
        {
            _tokens[id] = token;
            IdCount = Math.Max(IdCount, id + 1);
            if (token.Length > 0)
            {
                _trie.Add(token, id);
            }
        }

        _continuation = _trie.NodeOf(prefix);
    }

    public int IdCount { get; }

    public int? IdOf(string token) => _ids.TryGetValue(token, out int id) ? id : null;

    public string? TokenOf(int id) => _tokens.GetValueOrDefault(id);

    public void Tokenize(PreTokenizedText text, List<int> ids)
    {
        foreach (var range in text.Pieces)
        {
            int first = ids.Count;
            var word = text.Slice(range);
            if (CharacterCount(word) > _longestWord || !TryCut(word, text.Budget, ids))
            {
                ids.RemoveRange(first, ids.Count - first);
                ids.Add(_unknownId);
            }
        }
    }

    private static int CharacterCount(ReadOnlySpan<char> word)
    {
        int count = 0;
        foreach (char unit in word)
        {
            count += char.IsLowSurrogate(unit) ? 0 : 1;
        }

        return count;
    }

    private bool TryCut(ReadOnlySpan<char> word, WorkBudget budget, List<int> ids)
    {
        int start = 0;
        while (start < word.Length)
        {
            if ((start == 0 ? CharacterTrie.Root : _continuation) is not { } node)
            {
                return false;
            }

            var (id, length) = _trie.Longest(word[start..], budget, node);
            if (id < 0)
            {
                return false;
            }

            ids.Add(id);
            start += length;
        }

        return true;
    }
}
