namespace Hypercompress.Models.Tokenization.Bpe;

/// <summary>Tokens and ids of a model, both ways, with a fast path for single characters.</summary>
internal sealed class BpeVocabulary
{
    private readonly TokenTable _tokens;
    private readonly int[] _single = new int[char.MaxValue + 1];

    public BpeVocabulary(Dictionary<string, int> ids)
    {
        _tokens = new TokenTable(ids);
        Array.Fill(_single, -1);
        foreach (var (token, id) in ids)
        {
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

    public int IdCount => _tokens.IdCount;

    /// <summary>The ids of <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c>; -1 where one is missing.</summary>
    public int[] ByteIds { get; } = new int[256];

    public string? TokenOf(int id) => _tokens.TokenOf(id);

    /// <summary>The id of a token, or -1.</summary>
    public int Find(ReadOnlySpan<char> token) => token.Length == 1 ? _single[token[0]] : _tokens.Find(token);
}
