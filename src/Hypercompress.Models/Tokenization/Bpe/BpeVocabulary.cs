namespace Hypercompress.Models.Tokenization.Bpe;

/// <summary>Tokens and ids of a model, both ways, with a fast path for single characters.</summary>
internal sealed class BpeVocabulary
{
    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly Dictionary<int, string> _tokens;
    private readonly int[] _single = new int[char.MaxValue + 1];

    public BpeVocabulary(Dictionary<string, int> ids)
    {
        _ids = ids;
        _lookup = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        // Not an array: a small file may name large ids.
        _tokens = new Dictionary<int, string>(ids.Count);
        IdCount = ids.Count == 0 ? 0 : ids.Values.Max() + 1;
        Array.Fill(_single, -1);
        foreach (var (token, id) in ids)
        {
            _tokens[id] = token;
            if (token.Length == 1)
            {
                _single[token[0]] = id;
            }
        }

        for (int value = 0; value < 256; value++)
        {
            ByteIds[value] = Find($"<0x{value:X2}>");
        }
    }

    public int IdCount { get; }

    /// <summary>The ids of <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c>; -1 where one is missing.</summary>
    public int[] ByteIds { get; } = new int[256];

    public string? TokenOf(int id) => _tokens.GetValueOrDefault(id);

    /// <summary>The id of a token, or -1.</summary>
    public int Find(ReadOnlySpan<char> token) => token.Length == 1
        ? _single[token[0]]
        : _lookup.TryGetValue(token, out int id) ? id : -1;

    public bool Contains(string token) => _ids.ContainsKey(token);
}
