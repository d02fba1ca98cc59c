using System.Buffers.Binary;
using System.Text;

namespace Hypercompress.Models.Tokenization.Normalizers;

/// <summary>
/// The compiled replacement rules of SentencePiece (<c>precompiled_charsmap</c>): a double-array trie over UTF-8 bytes
/// whose leaves are offsets into a block of zero-ended texts. Nothing in it is trusted.
/// </summary>
internal sealed class CharacterMap
{
    // Far above what Unicode asks for (18 characters); a long one could be put in the place of every character.
    private const int LongestText = 1024;

    private readonly uint[] _units;
    private readonly byte[] _texts;

    private CharacterMap(uint[] units, byte[] texts) => (_units, _texts) = (units, texts);

    /// <summary>Takes a blob apart: 32-bit size of the trie in bytes, the trie, the texts.</summary>
    /// <param name="blob">Little endian.</param>
    /// <param name="problem">Makes the failure.</param>
    public static CharacterMap Read(ReadOnlySpan<byte> blob, Func<string, Exception> problem)
    {
        if (blob.Length <= sizeof(uint))
        {
            throw problem($"has a precompiled_charsmap of {blob.Length} bytes");
        }

        uint size = BinaryPrimitives.ReadUInt32LittleEndian(blob);
        var rest = blob[sizeof(uint)..];
        if (size == 0 || size % sizeof(uint) != 0 || size >= rest.Length)
        {
            throw problem($"has a precompiled_charsmap whose trie takes {size} of {rest.Length} bytes");
        }

        var texts = rest[(int)size..];
        if (!HasShortTexts(texts))
        {
            throw problem(
                $"has a precompiled_charsmap with a text of more than {LongestText} bytes, or without an end");
        }

        var units = new uint[size / sizeof(uint)];
        for (int i = 0; i < units.Length; i++)
        {
            units[i] = BinaryPrimitives.ReadUInt32LittleEndian(rest[(i * sizeof(uint))..]);
        }

        return new CharacterMap(units, texts.ToArray());
    }

    /// <summary>The longest rule that a text begins with.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="length">Bytes that the rule replaces.</param>
    /// <param name="replacement">What it puts there.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryLongest(ReadOnlySpan<byte> text, out int length, out ReadOnlySpan<byte> replacement) =>
        TryMatch(text, longest: true, out length, out replacement);

    /// <summary>The replacement by the shortest rule that a text begins with, or null.</summary>
    /// <param name="text">UTF-8.</param>
    public string? Shortest(ReadOnlySpan<byte> text) =>
        TryMatch(text, longest: false, out _, out var replacement) ? Encoding.UTF8.GetString(replacement) : null;

    private static bool HasShortTexts(ReadOnlySpan<byte> texts)
    {
        while (!texts.IsEmpty)
        {
            int length = texts.IndexOf((byte)0);
            if (length is < 0 or > LongestText)
            {
                return false;
            }

            texts = texts[(length + 1)..];
        }

        return true;
    }

    private static uint Offset(uint unit) => (unit >> 10) << (int)((unit & (1u << 9)) >> 6);

    private static bool HasLeaf(uint unit) => ((unit >> 8) & 1) == 1;

    private static uint Label(uint unit) => unit & ((1u << 31) | 0xFF);

    private bool TryMatch(ReadOnlySpan<byte> text, bool longest, out int length, out ReadOnlySpan<byte> replacement)
    {
        length = 0;
        replacement = default;
        uint place = Offset(_units[0]);
        // A trie that leads in circles would follow the text to its end, from each of its characters.
        int end = Math.Min(text.Length, LongestText);
        for (int i = 0; i < end && text[i] != 0; i++)
        {
            place ^= text[i];
            if (place >= _units.Length || Label(_units[place]) != text[i])
            {
                break;
            }

            uint unit = _units[place];
            place ^= Offset(unit);
            if (HasLeaf(unit) && place < _units.Length)
            {
                length = i + 1;
                replacement = TextAt(_units[place] & ((1u << 31) - 1));
                if (!longest)
                {
                    break;
                }
            }
        }

        return length > 0;
    }

    private ReadOnlySpan<byte> TextAt(uint offset)
    {
        if (offset >= _texts.Length)
        {
            return default;
        }

        var rest = _texts.AsSpan((int)offset);
        return rest[..rest.IndexOf((byte)0)];
    }
}
