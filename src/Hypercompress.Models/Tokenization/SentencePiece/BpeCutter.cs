using System.Collections.Concurrent;
using Hypercompress.Models.Tokenization.Bpe;

namespace Hypercompress.Models.Tokenization.SentencePiece;

/// <summary>
/// SentencePiece's byte-pair encoding: of all neighbours that together are a piece, those of the highest score join
/// first, the leftmost of equals. Pieces that the user defined are kept whole and join nothing.
/// </summary>
internal sealed class BpeCutter : IPieceCutter
{
    private readonly SentencePieceData _data;
    private readonly BpeSymbols _symbols;
    private readonly BpeModel _model;
    private readonly UnknownPieces _unknown;
    private readonly CharacterTrie _userDefined = new();
    private readonly ConcurrentDictionary<int, int[]> _unused = [];

    /// <param name="data">The model.</param>
    public BpeCutter(SentencePieceData data)
    {
        _data = data;
        _symbols = new BpeSymbols(data);
        _unknown = new UnknownPieces(data);
        _model = new BpeModel(_symbols.Vocabulary, _symbols.Merges, new BpeOptions
        {
            UnknownId = data.UnknownId,
            FuseUnknown = true,
            ByteFallback = data.ByteFallback,
        });
        for (int id = 0; id < data.Pieces.Length; id++)
        {
            if (data.Pieces[id].Type == PieceType.UserDefined)
            {
                _userDefined.Add(data.Pieces[id].Text, id);
            }
        }
    }

    public void Cut(string normalized, List<int> ids, WorkBudget budget)
    {
        var merged = new List<int>();
        int start = 0;
        for (int i = 0; i < normalized.Length; i++)
        {
            var (id, length) = _userDefined.Longest(normalized.AsSpan(i), budget);
            if (length > 0)
            {
                Merge(normalized[start..i], merged);
                merged.Add(id);
                start = i + length;
                i = start - 1;
            }
        }

        Merge(start == 0 ? normalized : normalized[start..], merged);
        int first = ids.Count;
        foreach (int id in merged)
        {
            Append(id, ids, first);
        }
    }

    private void Merge(string text, List<int> merged) =>
        _model.Tokenize(new PreTokenizedText(new NormalizedText(text)), merged);

    private void Append(int id, List<int> ids, int first)
    {
        if (id == _unknown.Id)
        {
            _unknown.AppendId(ids, first);
        }
        else if (id >= _symbols.FirstHidden)
        {
            _unknown.Append(_symbols.Vocabulary.TokenOf(id), ids, first);
        }
        else if (_data.Pieces[id].Type == PieceType.Unused && _unused.GetOrAdd(id, Split) is { Length: > 1 } parts)
        {
            foreach (int part in parts)
            {
                Append(part, ids, first);
            }
        }
        else
        {
            ids.Add(id);
        }
    }

    /// <summary>The symbols that an unused piece is put together from: merging its text without the last
    /// step.</summary>
    private int[] Split(int unused)
    {
        var symbols = _data.Pieces[unused].Text.EnumerateRunes()
            .Select(rune => _symbols.Vocabulary.Find(rune.ToString())).ToList();
        while (FindBest(symbols, unused) is var (at, newId))
        {
            symbols[at] = newId;
            symbols.RemoveAt(at + 1);
        }

        return [.. symbols];
    }

    private (int At, int NewId)? FindBest(List<int> symbols, int banned)
    {
        ((int At, int NewId) Merge, int Rank)? best = null;
        for (int at = 0; at + 1 < symbols.Count; at++)
        {
            if (_symbols.Merges.TryGet(symbols[at], symbols[at + 1], out var merge) && merge.NewId != banned
                && (best is null || merge.Rank < best.Value.Rank))
            {
                best = ((at, merge.NewId), merge.Rank);
            }
        }

        return best?.Merge;
    }
}
