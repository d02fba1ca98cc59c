using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Tokenization.Unigram;

/// <summary>
/// The unigram language model (Kudo 2018) as Hugging Face's <c>tokenizers</c> does it: of all ways to cut a piece into
/// tokens, the one of the highest sum of log-probabilities (Viterbi). A character that is not a token costs the lowest
/// score less ten.
/// </summary>
internal sealed class UnigramModel : ITokenModel
{
    private const double UnknownPenalty = 10;
    private const int MaxCachedPieces = 1 << 17;
    private const int MaxCachedLength = 128;

    private readonly IReadOnlyList<UnigramPiece> _pieces;
    private readonly Dictionary<string, int> _ids;
    private readonly CharacterTrie _trie = new();
    private readonly int? _unknownId;
    private readonly double _unknownScore;
    private readonly int[]? _byteIds;
    private readonly string _file;
    private readonly ConcurrentDictionary<string, int[]> _cache = new(StringComparer.Ordinal);
    private int _cached;

    /// <param name="pieces">The tokens in the order of their ids.</param>
    /// <param name="unknownId">The id of what is not a token; null where the model has none.</param>
    /// <param name="byteFallback">What is not a token becomes <c>&lt;0xNN&gt;</c> tokens where all are there.</param>
    /// <param name="file">The file, for messages.</param>
    public UnigramModel(IReadOnlyList<UnigramPiece> pieces, int? unknownId, bool byteFallback, string file)
    {
        (_pieces, _unknownId, _file) = (pieces, unknownId, file);
        _ids = new Dictionary<string, int>(pieces.Count, StringComparer.Ordinal);
        double lowest = double.PositiveInfinity;
        for (int id = 0; id < pieces.Count; id++)
        {
            _ids[pieces[id].Text] = id;
            lowest = Math.Min(lowest, pieces[id].Score);
            if (pieces[id].Text.Length > 0)
            {
                _trie.Add(pieces[id].Text, id);
            }
        }

        _unknownScore = lowest - UnknownPenalty;
        _byteIds = byteFallback
            ? [.. Enumerable.Range(0, 256)
                .Select(value => IdOf(string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>")) ?? -1)]
            : null;
    }

    public int IdCount => _pieces.Count;

    public int? IdOf(string token) => _ids.TryGetValue(token, out int id) ? id : null;

    public string? TokenOf(int id) => id >= 0 && id < _pieces.Count ? _pieces[id].Text : null;

    public void Tokenize(PreTokenizedText text, List<int> ids)
    {
        var path = new BestPath();
        foreach (var range in text.Pieces)
        {
            TokenizeCached(text.Slice(range), path, ids);
            path.Settle(text.Budget);
        }
    }

    private void TokenizeCached(ReadOnlySpan<char> piece, BestPath path, List<int> ids)
    {
        if (piece.Length > MaxCachedLength)
        {
            Cut(piece, path, ids);
            return;
        }

        if (_cache.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(piece, out var known))
        {
            ids.AddRange(known);
            return;
        }

        int first = ids.Count;
        Cut(piece, path, ids);
        if (Volatile.Read(ref _cached) < MaxCachedPieces && _cache.TryAdd(piece.ToString(), ids[first..].ToArray()))
        {
            Interlocked.Increment(ref _cached);
        }
    }

    private void Cut(ReadOnlySpan<char> piece, BestPath path, List<int> ids)
    {
        path.Start(piece.Length);
        for (int start = 0, length; start < piece.Length; start += length)
        {
            length = char.IsHighSurrogate(piece[start]) && start + 1 < piece.Length ? 2 : 1;
            bool single = false;
            int node = CharacterTrie.Root;
            for (int end = start; end < piece.Length && _trie.TryStep(node, piece[end], out node); end++)
            {
                path.CountStep();
                int id = _trie.ValueAt(node);
                if (id >= 0)
                {
                    path.Offer(start, end + 1, id, path.ScoreAt(start) + _pieces[id].Score);
                    single |= end + 1 - start == length;
                }
            }

            if (!single)
            {
                int unknown = UnknownId(piece.Slice(start, length));
                path.Offer(start, start + length, unknown, path.ScoreAt(start) + _unknownScore);
            }
        }

        Append(piece, path.Trace(), ids);
    }

    private int UnknownId(ReadOnlySpan<char> character) => _unknownId ?? throw new CheckpointException(
        _file, $"model has no unk_id, but the text has '{character}', which is not a token");

    private void Append(ReadOnlySpan<char> piece, IReadOnlyList<PathStep> steps, List<int> ids)
    {
        for (int i = 0; i < steps.Count; i++)
        {
            var (start, end, id) = steps[i];
            if (id != _unknownId)
            {
                ids.Add(id);
                continue;
            }

            // A run of unknown characters is one.
            while (i + 1 < steps.Count && steps[i + 1].Id == _unknownId)
            {
                end = steps[++i].End;
            }

            AppendUnknown(piece[start..end], ids);
        }
    }

    private void AppendUnknown(ReadOnlySpan<char> run, List<int> ids)
    {
        if (_ids.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(run, out int whole))
        {
            ids.Add(whole);
            return;
        }

        byte[] utf8 = _byteIds is null ? [] : Encoding.UTF8.GetBytes(run.ToString());
        if (_byteIds is not null && Array.TrueForAll(utf8, value => _byteIds[value] >= 0))
        {
            ids.AddRange(utf8.Select(value => _byteIds[value]));
            return;
        }

        ids.Add(_unknownId!.Value);
    }
}
