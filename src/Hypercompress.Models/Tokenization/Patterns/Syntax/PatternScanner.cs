using System.Text;

namespace Hypercompress.Models.Tokenization.Patterns.Syntax;

/// <summary>Reads a regular expression character by character.</summary>
/// <param name="pattern">The regular expression.</param>
internal sealed class PatternScanner(string pattern)
{
    private readonly int[] _points = [.. pattern.EnumerateRunes().Select(rune => rune.Value)];
    private int _at;

    /// <summary>Whether everything has been read.</summary>
    public bool AtEnd => _at >= _points.Length;

    /// <summary>The number of characters read so far.</summary>
    public int Position
    {
        get => _at;
        set => _at = value;
    }

    /// <summary>A character that has not been read yet, or -1 after the end.</summary>
    /// <param name="ahead">How far ahead it is; 0 is the next one.</param>
    public int Peek(int ahead = 0) => _at + ahead < _points.Length ? _points[_at + ahead] : -1;

    /// <summary>Reads a character.</summary>
    /// <param name="inside">What is being read, for the message.</param>
    /// <exception cref="ArgumentException">The pattern ends.</exception>
    public int Next(string inside) => AtEnd ? throw new ArgumentException($"it ends inside {inside}") : _points[_at++];

    /// <summary>Reads a text if it comes next.</summary>
    /// <returns>Whether it did.</returns>
    public bool Take(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (Peek(i) != text[i])
            {
                return false;
            }
        }

        _at += text.Length;
        return true;
    }

    /// <summary>Reads everything up to a character, and that character.</summary>
    /// <param name="end">The character.</param>
    /// <param name="inside">What is being read, for the message.</param>
    /// <returns>The text before the character.</returns>
    /// <exception cref="ArgumentException">The character does not come.</exception>
    public string Until(char end, string inside)
    {
        var text = new StringBuilder();
        for (int point = Next(inside); point != end; point = Next(inside))
        {
            text.Append(new Rune(point));
        }

        return text.ToString();
    }

    /// <summary>Reads digits of a base.</summary>
    /// <param name="radix">The base: 8, 10 or 16.</param>
    /// <param name="most">The largest number of digits.</param>
    /// <returns>The number, at most <see cref="int.MaxValue"/>; null where no digit comes.</returns>
    public int? Number(int radix, int most)
    {
        long value = 0;
        int count = 0;
        while (count < most && DigitOf(Peek()) is var digit && digit >= 0 && digit < radix)
        {
            value = Math.Min((value * radix) + digit, int.MaxValue);
            _at++;
            count++;
        }

        return count == 0 ? null : (int)value;
    }

    private static int DigitOf(int point) => point switch
    {
        >= '0' and <= '9' => point - '0',
        >= 'a' and <= 'f' => point - 'a' + 10,
        >= 'A' and <= 'F' => point - 'A' + 10,
        _ => -1,
    };
}
