using Hypercompress.Models.Tokenization.Patterns.Characters;

namespace Hypercompress.Models.Tokenization.Patterns.Syntax;

/// <summary>Reads a class in brackets: <c>[a-z\d]</c>, with nested classes, <c>&amp;&amp;</c> and POSIX
/// classes.</summary>
/// <param name="scanner">Reads the pattern.</param>
/// <param name="escapes">Reads what a backslash begins.</param>
internal sealed class ClassReader(PatternScanner scanner, EscapeReader escapes)
{
    private const int DeepestClass = 100;
    private const string Class = "a character class";

    /// <summary>Reads a class whose opening bracket has been read.</summary>
    /// <param name="options">The options that hold here.</param>
    /// <exception cref="ArgumentException">The class is malformed.</exception>
    public CodePointSet Read(PatternOptions options) => Read(options, depth: 0);

    private CodePointSet Read(PatternOptions options, int depth)
    {
        if (depth == DeepestClass)
        {
            throw new ArgumentException($"character classes are nested more than {DeepestClass} deep");
        }

        bool negative = scanner.Take("^");
        var set = ReadItems(options, depth);
        // Only the class as a whole, and before it is negated, takes in what differs by case.
        set = options.IgnoreCase && depth == 0 ? CaseFolding.Close(set) : set;
        return negative ? set.Complement() : set;
    }

    private CodePointSet ReadItems(PatternOptions options, int depth)
    {
        CodePointSet? common = null;
        var items = new List<CodePointSet>();
        bool first = true;
        while (true)
        {
            if (scanner.Peek() == ']' && !(first && HasLaterBracket()))
            {
                scanner.Position++;
                var last = CodePointSet.Union([CodePointSet.Empty, .. items]);
                return first ? throw new ArgumentException("a character class is empty")
                    : common is null ? last : common.Intersect(last);
            }

            if (scanner.Take("&&"))
            {
                var side = CodePointSet.Union([CodePointSet.Empty, .. items]);
                common = common is null ? side : common.Intersect(side);
                items.Clear();
            }
            else
            {
                items.Add(ReadItem(options, depth));
            }

            first = false;
        }
    }

    // As the first in its class, a bracket is a character if another one can end the class.
    private bool HasLaterBracket()
    {
        for (int ahead = 1; scanner.Peek(ahead) >= 0; ahead++)
        {
            if (scanner.Peek(ahead) == '\\')
            {
                ahead++;
            }
            else if (scanner.Peek(ahead) == ']')
            {
                return true;
            }
        }

        return false;
    }

    private CodePointSet ReadItem(PatternOptions options, int depth)
    {
        if (scanner.Take("["))
        {
            return ReadPosix(options) ?? Read(options, depth + 1);
        }

        if (scanner.Peek() == '\\' && ReadEscapedSet(options) is { } set)
        {
            return set;
        }

        var points = ReadPoints();
        bool ranged = points.Count == 1 && scanner.Peek() == '-' && scanner.Peek(1) is not (']' or -1)
            && !IsSetNext(ahead: 1);
        if (!ranged)
        {
            return CodePointSet.FromRanges(points);
        }

        scanner.Position++;
        int last = ReadPoints()[0].First;
        return points[0].First <= last
            ? CodePointSet.Range(points[0].First, last)
            : throw new ArgumentException($"the range {points[0].First:X} to {last:X} of a character class is empty");
    }

    private bool IsSetNext(int ahead) => scanner.Peek(ahead) == '['
        || (scanner.Peek(ahead) == '&' && scanner.Peek(ahead + 1) == '&')
        || (scanner.Peek(ahead) == '\\' && scanner.Peek(ahead + 1)
            is 'w' or 'W' or 'd' or 'D' or 's' or 'S' or 'h' or 'H' or 'p' or 'P');

    private CodePointSet? ReadEscapedSet(PatternOptions options)
    {
        scanner.Position++;
        if (escapes.ReadSet(options, isAlone: false) is { } set)
        {
            return set;
        }

        scanner.Position--;
        return null;
    }

    private IReadOnlyList<CodePointRange> ReadPoints()
    {
        int point = scanner.Next(Class);
        if (point != '\\')
        {
            return [new CodePointRange(point, point)];
        }

        return scanner.Take("b") ? [new CodePointRange('\b', '\b')] : escapes.ReadCharacters();
    }

    private CodePointSet? ReadPosix(PatternOptions options)
    {
        int start = scanner.Position;
        if (!scanner.Take(":"))
        {
            return null;
        }

        bool negative = scanner.Take("^");
        string name = "";
        while (scanner.Peek() is >= 'a' and <= 'z' or >= 'A' and <= 'Z')
        {
            name += (char)scanner.Next(Class);
        }

        if (!scanner.Take(":]"))
        {
            scanner.Position = start;
            return null;
        }

        var set = options.Posix(name) ?? throw new ArgumentException($"the class '[:{name}:]' is not known");
        return negative ? set.Complement() : set;
    }
}
