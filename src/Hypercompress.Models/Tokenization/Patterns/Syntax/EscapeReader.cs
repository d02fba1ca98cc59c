using System.Buffers;
using System.Text;
using Hypercompress.Models.Tokenization.Patterns.Characters;

namespace Hypercompress.Models.Tokenization.Patterns.Syntax;

/// <summary>Reads what a backslash begins, as far as it means the same inside and outside of brackets.</summary>
/// <param name="scanner">Has read the backslash.</param>
internal sealed class EscapeReader(PatternScanner scanner)
{
    private const string Escape = "an escape";

    /// <summary>Reads a class such as <c>\d</c> or <c>\p{L}</c> if one comes.</summary>
    /// <param name="options">The options that hold here.</param>
    /// <param name="isAlone">Whether it is outside of brackets.</param>
    /// <returns>Its members, or null where something else comes.</returns>
    /// <exception cref="ArgumentException">A property is not known.</exception>
    public CodePointSet? ReadSet(PatternOptions options, bool isAlone)
    {
        int letter = scanner.Peek();
        if (letter is 'p' or 'P' && scanner.Peek(1) == '{')
        {
            scanner.Position += 2;
            var property = ReadProperty(isAlone);
            return letter == 'P' ? property.Complement() : property;
        }

        CodePointSet? set = letter switch
        {
            'w' or 'W' => isAlone ? options.WordAlone : options.Word,
            'd' or 'D' => options.Digit,
            's' or 'S' => options.Space,
            'h' or 'H' => CharacterProperties.Get("xdigit"),
            _ => null,
        };
        if (set is null)
        {
            return null;
        }

        scanner.Position++;
        return letter is 'W' or 'D' or 'S' or 'H' ? set.Complement() : set;
    }

    /// <summary>Reads characters that are written in another way: one, or several for <c>\x{61 62}</c>.</summary>
    /// <exception cref="ArgumentException">The number is not that of a character, or the way is not
    /// supported.</exception>
    public IReadOnlyList<CodePointRange> ReadCharacters()
    {
        int letter = scanner.Next(Escape);
        switch (letter)
        {
            case 'x' when scanner.Take("{"):
                return ReadList(16);
            case 'o' when scanner.Take("{"):
                return ReadList(8);
            case 'x':
                return One(ReadBytes(scanner.Number(16, 2) ?? 0));
            case 'u':
                return One(ReadUnits(scanner.Number(16, 4) ?? throw new ArgumentException("'\\u' has no number")));
            case >= '0' and <= '7':
                scanner.Position--;
                return One(scanner.Number(8, 3)!.Value);
            case 'c' or 'C':
                return One(ReadControl(letter));
            case 'M' when scanner.Peek() == '-':
                throw new ArgumentException("'\\M-' (a meta character) is not supported");
            default:
                return One(Simple(letter));
        }
    }

    private static CodePointRange[] One(int point) => [Checked(point, point)];

    private static CodePointRange Checked(int first, int last) =>
        first <= last && last < CodePointSet.CodePoints
            ? new CodePointRange(first, last)
            : throw new ArgumentException($"the code points {first:X} to {last:X} are not a range of Unicode");

    private static int Simple(int letter) => letter switch
    {
        't' => '\t',
        'n' => '\n',
        'r' => '\r',
        'f' => '\f',
        'v' => '\v',
        'a' => '\a',
        'e' => '\x1B',
        _ => letter,
    };

    private CodePointSet ReadProperty(bool isAlone)
    {
        bool negative = scanner.Take("^");
        string name = scanner.Until('}', "a property");
        bool isWord = isAlone && CharacterProperties.Normalize(name) == CharacterProperties.Word;
        var set = CharacterProperties.Find(isWord ? CharacterProperties.WordAlone : name)
            ?? throw new ArgumentException($"the property '\\p{{{name}}}' is not known");
        return negative ? set.Complement() : set;
    }

    private CodePointRange[] ReadList(int radix)
    {
        string text = scanner.Until('}', "a code point in braces");
        var points = new List<CodePointRange>();
        foreach (string part in text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            int hyphen = part.IndexOf('-', StringComparison.Ordinal);
            int first = Parse(hyphen < 0 ? part : part[..hyphen], radix);
            points.Add(Checked(first, hyphen < 0 ? first : Parse(part[(hyphen + 1)..], radix)));
        }

        return points.Count > 0 ? [.. points] : throw new ArgumentException("the braces of a code point are empty");
    }

    private static int Parse(string digits, int radix)
    {
        var reader = new PatternScanner(digits);
        int? number = reader.Number(radix, digits.Length);
        return number is { } value && reader.AtEnd
            ? value
            : throw new ArgumentException($"'{digits}' in braces is not the number of a code point");
    }

    // Numbers from 80 on are the bytes of UTF-8, which several escapes in a row spell.
    private int ReadBytes(int first)
    {
        if (first < 0x80)
        {
            return first;
        }

        var bytes = new List<byte> { (byte)first };
        while (bytes.Count < 4 && Rune.DecodeFromUtf8([.. bytes], out _, out _) != OperationStatus.Done
            && scanner.Take("\\x") && scanner.Number(16, 2) is { } next)
        {
            bytes.Add((byte)next);
        }

        return Rune.DecodeFromUtf8([.. bytes], out var rune, out _) == OperationStatus.Done
            ? rune.Value
            : throw new ArgumentException($"'\\x{first:X2}' begins bytes that are not UTF-8");
    }

    private int ReadUnits(int first)
    {
        if (!char.IsHighSurrogate((char)first) || scanner.Peek() != '\\' || scanner.Peek(1) != 'u')
        {
            return first;
        }

        scanner.Position += 2;
        int second = scanner.Number(16, 4) ?? 0;
        return char.IsLowSurrogate((char)second)
            ? char.ConvertToUtf32((char)first, (char)second)
            : throw new ArgumentException($"'\\u{first:X4}' is half a character");
    }

    private int ReadControl(int letter)
    {
        if (letter == 'C' && !scanner.Take("-"))
        {
            return letter;
        }

        int point = scanner.Next(Escape);
        return point == '?' ? 0x7F : point & 0x9F;
    }
}
