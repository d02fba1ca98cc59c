using System.Collections.Concurrent;
using System.Text;

namespace Hypercompress.Models.Tokenization.Bpe;

/// <summary>
/// Byte-pair encoding (Sennrich et al. 2016) as Hugging Face's <c>tokenizers</c> does it: the pair of lowest rank
/// merges first, the leftmost of equals. O(n log n) in the length of a piece.
/// </summary>
internal sealed class BpeModel : ITokenModel
{
    private const int MaxCachedPieces = 1 << 17;
    private const int MaxCachedLength = 128;
    private const int LongPiece = 32;

    private readonly BpeVocabulary _vocabulary;
    private readonly MergeTable _merges;
    private readonly BpeOptions _options;
    private readonly bool _plainSymbols;
    private readonly ConcurrentDictionary<string, int[]> _cache = new(StringComparer.Ordinal);
    private int _cached;

    public BpeModel(BpeVocabulary vocabulary, MergeTable merges, BpeOptions options)
    {
        _vocabulary = vocabulary;
        _merges = merges;
        _options = options;
        _plainSymbols = options.SubwordPrefix.Length == 0 && options.WordSuffix.Length == 0;
    }

    public int IdCount => _vocabulary.IdCount;

    public int? IdOf(string token) => _vocabulary.Find(token) is var id and >= 0 ? id : null;

    public string? TokenOf(int id) => _vocabulary.TokenOf(id);

    public void Tokenize(PreTokenizedText text, List<int> ids)
    {
        var workspace = new BpeWorkspace();
        foreach (var range in text.Pieces)
        {
            var piece = text.Slice(range);
            if (_options.IgnoreMerges && _vocabulary.Find(piece) is var whole and >= 0)
            {
                ids.Add(whole);
            }
            else if (_plainSymbols && piece.Length > LongPiece)
            {
                TokenizeInSegments(piece, workspace, ids);
            }
            else
            {
                TokenizeCached(piece, workspace, ids);
            }
        }
    }

    /// <summary>
    /// Cuts a long piece where two known characters meet that no merge can join: the result is the same, and the
    /// segments (words, where the whole text is one piece) are short and repeat.
    /// </summary>
    private void TokenizeInSegments(ReadOnlySpan<char> piece, BpeWorkspace workspace, List<int> ids)
    {
        int start = 0;
        for (int i = 1; i < piece.Length; i++)
        {
            if (!_merges.CanJoin(piece[i - 1], piece[i]) && IsKnown(piece[i - 1]) && IsKnown(piece[i]))
            {
                TokenizeCached(piece[start..i], workspace, ids);
                start = i;
            }
        }

        TokenizeCached(piece[start..], workspace, ids);
    }

    private bool IsKnown(char unit) => !char.IsSurrogate(unit) && _vocabulary.Find([unit]) >= 0;

    private void TokenizeCached(ReadOnlySpan<char> piece, BpeWorkspace workspace, List<int> ids)
    {
        if (piece.Length > MaxCachedLength)
        {
            Merge(piece, workspace, ids);
            return;
        }

        if (_cache.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(piece, out var known))
        {
            ids.AddRange(known);
            return;
        }

        int first = ids.Count;
        Merge(piece, workspace, ids);
        if (Volatile.Read(ref _cached) < MaxCachedPieces
            && _cache.TryAdd(piece.ToString(), ids[first..].ToArray()))
        {
            Interlocked.Increment(ref _cached);
        }
    }

    private void Merge(ReadOnlySpan<char> piece, BpeWorkspace workspace, List<int> ids)
    {
        workspace.Clear();
        AddSymbols(piece, workspace);
        for (int place = 0; place + 1 < workspace.Count; place++)
        {
            Propose(workspace, place);
        }

        while (workspace.Candidates.TryDequeue(out var candidate, out _))
        {
            if (StillStands(workspace, candidate))
            {
                workspace.Merge(candidate.Left, candidate.NewId);
                Propose(workspace, workspace.Previous(candidate.Left));
                Propose(workspace, candidate.Left);
            }
        }

        workspace.CopyTo(ids);
    }

    private bool StillStands(BpeWorkspace workspace, (int Left, int NewId) candidate)
    {
        int right = workspace.Next(candidate.Left);
        return workspace.Symbol(candidate.Left) >= 0 && right < workspace.Count
            && _merges.TryGet(workspace.Symbol(candidate.Left), workspace.Symbol(right), out var merge)
            && merge.NewId == candidate.NewId;
    }

    private void Propose(BpeWorkspace workspace, int left)
    {
        if (left < 0 || workspace.Next(left) >= workspace.Count)
        {
            return;
        }

        if (_merges.TryGet(workspace.Symbol(left), workspace.Symbol(workspace.Next(left)), out var merge))
        {
            workspace.Candidates.Enqueue((left, merge.NewId), ((ulong)merge.Rank << 32) | (uint)left);
        }
    }

    private void AddSymbols(ReadOnlySpan<char> piece, BpeWorkspace workspace)
    {
        bool pendingUnknown = false;
        for (int i = 0, length; i < piece.Length; i += length)
        {
            length = char.IsHighSurrogate(piece[i]) && i + 1 < piece.Length ? 2 : 1;
            var character = piece.Slice(i, length);
            int id = _plainSymbols ? _vocabulary.Find(character) : FindDecorated(piece, i, length);
            if (id >= 0)
            {
                FlushUnknown(ref pendingUnknown, workspace);
                workspace.Add(id);
            }
            else if (!_options.ByteFallback || !TryAddBytes(character, workspace))
            {
                // A run of unknown characters is held back until a known one follows, so that it can be fused.
                if (!_options.FuseUnknown)
                {
                    FlushUnknown(ref pendingUnknown, workspace);
                }

                pendingUnknown = _options.UnknownId is not null;
            }
        }

        FlushUnknown(ref pendingUnknown, workspace);
    }

    private int FindDecorated(ReadOnlySpan<char> piece, int start, int length)
    {
        var symbol = new StringBuilder();
        symbol.Append(start > 0 ? _options.SubwordPrefix : "").Append(piece.Slice(start, length));
        symbol.Append(start + length == piece.Length ? _options.WordSuffix : "");
        return _vocabulary.Find(symbol.ToString());
    }

    private void FlushUnknown(ref bool pending, BpeWorkspace workspace)
    {
        if (pending)
        {
            workspace.Add(_options.UnknownId!.Value);
            pending = false;
        }
    }

    private bool TryAddBytes(ReadOnlySpan<char> character, BpeWorkspace workspace)
    {
        Span<byte> utf8 = stackalloc byte[4];
        int count = Encoding.UTF8.GetBytes(character, utf8);
        foreach (byte value in utf8[..count])
        {
            if (_vocabulary.ByteIds[value] < 0)
            {
                return false;
            }
        }

        foreach (byte value in utf8[..count])
        {
            workspace.Add(_vocabulary.ByteIds[value]);
        }

        return true;
    }
}
