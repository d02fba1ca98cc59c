using System.Numerics;

namespace Hypercompress.Models.Tokenization.Bpe;

/// <summary>
/// Tokens and ids, both ways, in four arrays: a string for every token would take three times the memory.
/// </summary>
internal sealed class TokenTable
{
    private const int None = -1;

    // Tokens in the order of ids: that at place i is the text from start i to start i + 1.
    private readonly int[] _ids;
    private readonly int[] _starts;
    private readonly char[] _text;

    // Places by the hash of their tokens, each where it is free from there on.
    private readonly int[] _places;

    /// <summary>Takes a vocabulary.</summary>
    /// <param name="ids">Ids by token. Of several tokens with one id, the id stands for the last.</param>
    public TokenTable(Dictionary<string, int> ids)
    {
        KeyValuePair<string, int>[] sorted = [.. ids.OrderBy(entry => entry.Value)];
        _ids = [.. sorted.Select(entry => entry.Value)];
        _starts = new int[sorted.Length + 1];
        _text = new char[sorted.Sum(entry => entry.Key.Length)];
        _places = new int[BitOperations.RoundUpToPowerOf2((uint)(2 * sorted.Length) + 1)];
        Array.Fill(_places, None);
        for (int place = 0; place < sorted.Length; place++)
        {
            string token = sorted[place].Key;
            token.CopyTo(_text.AsSpan(_starts[place]));
            _starts[place + 1] = _starts[place] + token.Length;
            _places[SlotOf(token)] = place;
        }
    }

    /// <summary>One more than the largest id.</summary>
    public int IdCount => _ids.Length == 0 ? 0 : _ids[^1] + 1;

    /// <summary>The token of an id; null for none.</summary>
    /// <param name="id">Any number.</param>
    public string? TokenOf(int id)
    {
        int place = Array.BinarySearch(_ids, id);
        while (place >= 0 && place + 1 < _ids.Length && _ids[place + 1] == id)
        {
            place++;
        }

        return place < 0 ? null : new string(TextAt(place));
    }

    /// <summary>The id of a token, or −1.</summary>
    /// <param name="token">Any text.</param>
    public int Find(ReadOnlySpan<char> token) => _places[SlotOf(token)] is var place and >= 0 ? _ids[place] : None;

    private ReadOnlySpan<char> TextAt(int place) => _text.AsSpan(_starts[place].._starts[place + 1]);

    // Where a token is, or could be put.
    private int SlotOf(ReadOnlySpan<char> token)
    {
        int slot = string.GetHashCode(token, StringComparison.Ordinal) & (_places.Length - 1);
        while (_places[slot] >= 0 && !TextAt(_places[slot]).SequenceEqual(token))
        {
            slot = (slot + 1) & (_places.Length - 1);
        }

        return slot;
    }
}
