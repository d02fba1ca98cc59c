using System.Collections.Immutable;
using Hypercompress.Models.Tokenization.Patterns.Characters;

namespace Hypercompress.Models.Tokenization.Patterns.Syntax;

/// <summary>
/// Parses the regular expressions of tokenizer files, which are written for Oniguruma 6.9 with its own syntax.
/// </summary>
internal sealed class PatternParser
{
    /// <summary>The largest number of a repetition.</summary>
    public const int MostTimes = 100_000;

    private const int DeepestGroup = 100;

    private static readonly CodePointSet LineFeed = CodePointSet.Of('\n');
    private static readonly CodePointSet LineEnds =
        CodePointSet.Of([0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029]);

    private readonly PatternScanner _scanner;
    private readonly EscapeReader _escapes;
    private readonly ClassReader _classes;
    private readonly GroupNames _groups;
    private PatternOptions _options;
    private int _depth;

    private PatternParser(string pattern)
    {
        _scanner = new PatternScanner(pattern);
        _escapes = new EscapeReader(_scanner);
        _classes = new ClassReader(_scanner, _escapes);
        _groups = new GroupNames(_scanner);
    }

    /// <summary>Parses a regular expression.</summary>
    /// <param name="pattern">The regular expression.</param>
    /// <returns>Its parts.</returns>
    /// <exception cref="ArgumentException">It is malformed, or has a construct that is not supported; the message
    /// names it.</exception>
    public static PatternNode Parse(string pattern)
    {
        var parser = new PatternParser(pattern);
        var node = parser.ParseAlternatives();
        if (!parser._scanner.AtEnd)
        {
            throw new ArgumentException("a parenthesis is closed that was not opened");
        }

        parser._groups.RequireKnown();
        return node;
    }

    private PatternNode ParseAlternatives()
    {
        if (++_depth > DeepestGroup)
        {
            throw new ArgumentException($"groups are nested more than {DeepestGroup} deep");
        }

        var outer = _options;
        var branches = new List<PatternNode>();
        do
        {
            branches.Add(ParseSequence());
        }
        while (_scanner.Take("|"));

        _options = outer;
        _depth--;
        return branches.Count == 1 ? branches[0] : new PatternNode.Alternatives([.. branches]);
    }

    private PatternNode ParseSequence()
    {
        var items = new List<PatternNode>();
        while (!_scanner.AtEnd && _scanner.Peek() is not ('|' or ')'))
        {
            if (SkipsBlank())
            {
                continue;
            }

            items.AddRange(QuantifierReader.Read(_scanner, ParseAtom()));
        }

        items = LiteralExpansion.Expand(items);
        return items.Count == 1 ? items[0] : new PatternNode.Sequence([.. items]);
    }

    private bool SkipsBlank()
    {
        if (_scanner.Take("(?#"))
        {
            _scanner.Until(')', "a comment");
            return true;
        }

        if (!_options.Extended)
        {
            return false;
        }

        if (_scanner.Take("#"))
        {
            while (!_scanner.AtEnd && _scanner.Next("a comment") != '\n')
            {
            }

            return true;
        }

        return _scanner.Take(" ") || _scanner.Take("\n") || _scanner.Take("\t") || _scanner.Take("\r")
            || _scanner.Take("\f") || _scanner.Take("\v");
    }

    /// <summary>Parses one part without its quantifiers; several for a list of characters.</summary>
    private PatternNode ParseAtom()
    {
        int point = _scanner.Next("the pattern");
        switch (point)
        {
            case '(':
                return ParseGroup();
            case '[':
                return new PatternNode.OneOf(_classes.Read(_options));
            case '.':
                return new PatternNode.OneOf(_options.DotIsAll ? CodePointSet.All : LineFeed.Complement());
            case '^':
                return new PatternNode.Anchor(AnchorKind.LineStart);
            case '$':
                return new PatternNode.Anchor(AnchorKind.LineEnd);
            case '\\':
                return ParseEscape();
            case '*' or '+' or '?':
                throw new ArgumentException($"the quantifier '{(char)point}' has nothing before it");
            default:
                return new PatternNode.Literal(point, _options.IgnoreCase);
        }
    }

    private PatternNode ParseEscape()
    {
        if (_escapes.ReadSet(_options, isAlone: true) is { } set)
        {
            return new PatternNode.OneOf(set);
        }

        if (_groups.ReadReference(_options.IgnoreCase) is { } reference)
        {
            return reference;
        }

        int letter = _scanner.Peek();
        if (Special(letter) is { } node)
        {
            _scanner.Position++;
            return node;
        }

        ImmutableArray<PatternNode> points = [.. _escapes.ReadCharacters().Select(range => range.First == range.Last
            ? (PatternNode)new PatternNode.Literal(range.First, _options.IgnoreCase)
            : throw new ArgumentException("a range in '\\x{…}' is only supported inside of brackets"))];
        return points.Length == 1 ? points[0] : new PatternNode.Sequence(points);
    }

    private PatternNode? Special(int letter) => letter switch
    {
        'A' => new PatternNode.Anchor(AnchorKind.TextStart),
        'z' => new PatternNode.Anchor(AnchorKind.TextEnd),
        'Z' => new PatternNode.Anchor(AnchorKind.TextEndOrLastLineFeed),
        'G' => new PatternNode.Anchor(AnchorKind.SearchStart),
        'K' => new PatternNode.Anchor(AnchorKind.Keep),
        'b' => new PatternNode.Anchor(AnchorKind.WordBoundary, _options.WordAlone),
        'B' => new PatternNode.Anchor(AnchorKind.NotWordBoundary, _options.WordAlone),
        'N' => new PatternNode.OneOf(LineFeed.Complement()),
        'O' => new PatternNode.OneOf(CodePointSet.All),
        'X' => new PatternNode.TextSegment(),
        'R' => new PatternNode.Atomic(new PatternNode.Alternatives(
        [
            new PatternNode.Sequence([new PatternNode.Literal('\r', false), new PatternNode.Literal('\n', false)]),
            new PatternNode.OneOf(LineEnds),
        ])),
        'y' or 'Y' => throw new ArgumentException($"'\\{(char)letter}' (text segment boundaries) is not supported"),
        'g' when _scanner.Peek(1) is '<' or '\'' =>
            throw new ArgumentException("'\\g' (a call of a group) is not supported"),
        _ => null,
    };

    private PatternNode ParseGroup()
    {
        if (_scanner.Peek() == '*')
        {
            throw new ArgumentException("'(*' (a callout) is not supported");
        }

        if (_scanner.Peek() != '?')
        {
            return Captured(name: null);
        }

        _scanner.Position++;
        int letter = _scanner.Next("a group");
        return letter switch
        {
            ':' => Closed(),
            '>' => new PatternNode.Atomic(Closed()),
            '=' => new PatternNode.Look(Closed(), Behind: false, Negative: false),
            '!' => new PatternNode.Look(Closed(), Behind: false, Negative: true),
            '<' when _scanner.Take("=") => new PatternNode.Look(Closed(), Behind: true, Negative: false),
            '<' when _scanner.Take("!") => new PatternNode.Look(Closed(), Behind: true, Negative: true),
            '<' => Captured(_scanner.Until('>', "the name of a group")),
            '\'' => Captured(_scanner.Until('\'', "the name of a group")),
            '~' => throw new ArgumentException("'(?~' (an absent operator) is not supported"),
            '(' => throw new ArgumentException("'(?(' (a condition) is not supported"),
            '{' => throw new ArgumentException("'(?{' (a callout) is not supported"),
            _ => ParseOptions(letter),
        };
    }

    private PatternNode Captured(string? name)
    {
        int number = _groups.Open(name);
        return new PatternNode.Group(Closed(), number);
    }

    private PatternNode ParseOptions(int letter)
    {
        var outer = _options;
        var options = outer;
        bool on = true;
        for (; letter is not (':' or ')'); letter = _scanner.Next("a group"))
        {
            if (letter == '-')
            {
                on = false;
                continue;
            }

            options = options.With(letter, on)
                ?? throw new ArgumentException($"the group option '{char.ConvertFromUtf32(letter)}' is not supported");
        }

        _options = options;
        // Without a colon, the options hold up to the end of the group around them, alternatives included.
        var inner = letter == ':' ? Closed() : ParseAlternatives();
        _options = outer;
        return inner;
    }

    /// <summary>Parses what a group has in it, and its end.</summary>
    private PatternNode Closed()
    {
        var node = ParseAlternatives();
        return _scanner.Take(")") ? node : throw new ArgumentException("a group is not closed");
    }
}
