using System.Globalization;
using System.Runtime.CompilerServices;
using Hypercompress.Models.Tokenization.Patterns.Characters;
using Hypercompress.Models.Tokenization.Patterns.Syntax;

namespace Hypercompress.Models.Tokenization.Patterns.Matching;

/// <summary>The text that a program is matched with. A surrogate pair is one character.</summary>
/// <param name="text">The text.</param>
internal readonly ref struct MatchedText(ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> _text = text;

    /// <summary>Number of UTF-16 code units.</summary>
    public int Length => _text.Length;

    /// <summary>The character at a position before the end.</summary>
    /// <param name="position">Where it begins.</param>
    /// <param name="length">Its UTF-16 code units, 1 or 2.</param>
    /// <returns>Its code point.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int CodePointAt(int position, out int length)
    {
        char unit = _text[position];
        if (char.IsHighSurrogate(unit) && position + 1 < _text.Length && char.IsLowSurrogate(_text[position + 1]))
        {
            length = 2;
            return char.ConvertToUtf32(unit, _text[position + 1]);
        }

        length = 1;
        return unit;
    }

    /// <summary>UTF-16 code units of the character at a position before the end.</summary>
    public int LengthAt(int position)
    {
        _ = CodePointAt(position, out int length);
        return length;
    }

    /// <summary>UTF-16 code units of the character that ends at a position after the start.</summary>
    public int LengthBefore(int position) => position > 1 && char.IsLowSurrogate(_text[position - 1])
        && char.IsHighSurrogate(_text[position - 2]) ? 2 : 1;

    /// <summary>Moves over a character if it is the next one.</summary>
    public bool TakeCharacter(int character, ref int position)
    {
        if (position >= _text.Length || CodePointAt(position, out int length) != character)
        {
            return false;
        }

        position += length;
        return true;
    }

    /// <summary>Moves over the next character if a set has it.</summary>
    public bool TakeOneOf(CodePointSet set, ref int position)
    {
        if (position >= _text.Length || !set.Contains(CodePointAt(position, out int length)))
        {
            return false;
        }

        position += length;
        return true;
    }

    /// <summary>Whether a set has the next character.</summary>
    public bool IsNext(CodePointSet set, int position) =>
        position < _text.Length && set.Contains(CodePointAt(position, out _));

    /// <summary>Moves over a repetition of an earlier part of the text.</summary>
    /// <param name="begin">Where the part begins.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="ignoreCase">Whether letters of another case are the same.</param>
    /// <param name="position">Where the repetition begins; moved to its end.</param>
    /// <returns>Whether the text repeats the part there.</returns>
    public bool TakeText(int begin, int end, bool ignoreCase, ref int position)
    {
        int at = position;
        foreach (var rune in _text[begin..end].EnumerateRunes())
        {
            if (at >= _text.Length)
            {
                return false;
            }

            int found = CodePointAt(at, out int length);
            if (found != rune.Value && !(ignoreCase && CaseFolding.Fold(found) == CaseFolding.Fold(rune.Value)))
            {
                return false;
            }

            at += length;
        }

        position = at;
        return true;
    }

    /// <summary>UTF-16 code units of the grapheme cluster at a position; 0 at the end.</summary>
    public int SegmentLength(int position) =>
        position < _text.Length ? StringInfo.GetNextTextElementLength(_text[position..]) : 0;

    /// <summary>Whether an anchor holds at a position.</summary>
    /// <param name="kind">The anchor.</param>
    /// <param name="word">The characters of words; null where the anchor is not about words.</param>
    /// <param name="position">The position.</param>
    /// <param name="searchStart">Where the search for a match began.</param>
    public bool Holds(AnchorKind kind, CodePointSet? word, int position, int searchStart) => kind switch
    {
        // Nothing follows a line feed at the end, not even an empty line.
        AnchorKind.LineStart => position == 0 || (_text[position - 1] == '\n' && position < _text.Length),
        AnchorKind.LineEnd => position == _text.Length || _text[position] == '\n',
        AnchorKind.TextStart => position == 0,
        AnchorKind.TextEnd => position == _text.Length,
        AnchorKind.TextEndOrLastLineFeed => position == _text.Length
            || (position == _text.Length - 1 && _text[position] == '\n'),
        AnchorKind.SearchStart => position == searchStart,
        AnchorKind.WordBoundary => IsWordBoundary(word!, position),
        _ => !IsWordBoundary(word!, position),
    };

    private bool IsWordBoundary(CodePointSet word, int position)
    {
        bool before = position > 0 && word.Contains(CodePointAt(position - LengthBefore(position), out _));
        return before != IsNext(word, position);
    }
}
