using Hypercompress.Models.Tokenization.Bpe;

namespace Hypercompress.Models.Tokenization.SentencePiece;

/// <summary>
/// The symbols that merges work on: the pieces, and the characters that only occur inside of pieces, which get ids
/// above the vocabulary for as long as the merging lasts.
/// </summary>
internal sealed class BpeSymbols
{
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);

    /// <param name="data">The model.</param>
    public BpeSymbols(SentencePieceData data)
    {
        FirstHidden = data.Pieces.Length;
        var produced = new List<int>();
        for (int id = 0; id < data.Pieces.Length; id++)
        {
            if (data.Pieces[id].Type is PieceType.Normal or PieceType.UserDefined or PieceType.Unused)
            {
                _ids[data.Pieces[id].Text] = id;
                produced.Add(id);
            }
        }

        AddHiddenCharacters(data, produced);
        Merges = BuildMerges(data, produced);

        // Where a piece has the text of one that never comes out of merges, the latter goes first.
        for (int id = 0; id < data.Pieces.Length; id++)
        {
            if (data.Pieces[id].Type is PieceType.Unknown or PieceType.Control or PieceType.Byte)
            {
                _ids[data.Pieces[id].Text] = id;
            }
        }

        Vocabulary = new BpeVocabulary(_ids);
    }

    /// <summary>The first id that is not a piece.</summary>
    public int FirstHidden { get; }

    /// <summary>All symbols.</summary>
    public BpeVocabulary Vocabulary { get; }

    /// <summary>Which symbols join, the piece of the highest score first.</summary>
    public MergeTable Merges { get; }

    private void AddHiddenCharacters(SentencePieceData data, List<int> produced)
    {
        Span<char> units = stackalloc char[2];
        foreach (int id in produced)
        {
            foreach (var rune in data.Pieces[id].Text.EnumerateRunes())
            {
                var character = units[..rune.EncodeToUtf16(units)];
                if (!_ids.GetAlternateLookup<ReadOnlySpan<char>>().ContainsKey(character))
                {
                    _ids[character.ToString()] = data.Pieces.Length + _ids.Count;
                }
            }
        }
    }

    /// <summary>Every way to put a piece together from two symbols.</summary>
    private MergeTable BuildMerges(SentencePieceData data, List<int> produced)
    {
        var pairs = new PairFinder(_ids.Select(pair => (pair.Key, pair.Value)));
        var scores = produced.Select(id => data.Pieces[id].Score).Distinct().OrderDescending();
        var ranks = scores.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        var merges = new MergeTable(produced.Count);
        foreach (int id in produced)
        {
            string text = data.Pieces[id].Text;
            foreach (var (cut, left, right) in pairs.PairsOf(text))
            {
                merges.Add((left, text[cut - 1]), (right, text[cut]), ranks[data.Pieces[id].Score], id);
            }
        }

        return merges;
    }
}
