namespace Hypercompress.Models.Tokenization.Patterns.Syntax;

/// <summary>Reads the quantifiers after a part: <c>*</c>, <c>+</c>, <c>?</c>, <c>{n,m}</c>.</summary>
internal static class QuantifierReader
{
    private const int MostQuantifiers = 32;

    /// <summary>Reads the quantifiers of a part.</summary>
    /// <param name="scanner">Reads the pattern.</param>
    /// <param name="atom">The part.</param>
    /// <returns>The part with its quantifiers; several parts where only the last one is repeated.</returns>
    /// <exception cref="ArgumentException">A quantifier has no part that can be repeated, or is too large.</exception>
    public static IEnumerable<PatternNode> Read(PatternScanner scanner, PatternNode atom)
    {
        var (before, node) = (PatternNode.Empty, atom);
        // A list of characters, such as \x{61 62}, is repeated in its last character only.
        if (atom is PatternNode.Sequence { Items: [.. var first, PatternNode.Literal last] } && IsNext(scanner)
            && first.All(item => item is PatternNode.Literal))
        {
            (before, node) = (new PatternNode.Sequence(first), last);
        }

        for (int count = 0; ReadOne(scanner, node) is { } repeated; count++)
        {
            node = count < MostQuantifiers
                ? repeated
                : throw new ArgumentException($"it has more than {MostQuantifiers} quantifiers in a row");
        }

        return before == PatternNode.Empty ? [node] : [before, node];
    }

    private static bool IsNext(PatternScanner scanner) => scanner.Peek() is '*' or '+' or '?' or '{';

    private static PatternNode.Repeat? ReadOne(PatternScanner scanner, PatternNode node)
    {
        var repeat = scanner.Take("*") ? Suffixed(scanner, node, 0, int.MaxValue)
            : scanner.Take("+") ? Suffixed(scanner, node, 1, int.MaxValue)
            : scanner.Take("?") ? Suffixed(scanner, node, 0, 1)
            : scanner.Peek() == '{' ? ReadInterval(scanner, node) : null;
        return repeat is not null && node is PatternNode.Anchor or PatternNode.Look
            ? throw new ArgumentException("a quantifier follows a condition, which can not be repeated")
            : repeat;
    }

    private static PatternNode.Repeat Suffixed(PatternScanner scanner, PatternNode node, int min, int max) =>
        new(node, min, max, scanner.Take("?") ? Greed.Lazy : scanner.Take("+") ? Greed.Possessive : Greed.Greedy);

    // Braces that are not an interval are characters.
    private static PatternNode.Repeat? ReadInterval(PatternScanner scanner, PatternNode node)
    {
        int start = scanner.Position++;
        int? min = scanner.Number(10, 9);
        bool comma = scanner.Take(",");
        int? max = comma ? scanner.Number(10, 9) : min;
        if ((min is null && max is null) || !scanner.Take("}"))
        {
            scanner.Position = start;
            return null;
        }

        if (Math.Max(min ?? 0, max ?? 0) > PatternParser.MostTimes)
        {
            throw new ArgumentException($"a part is repeated more than {PatternParser.MostTimes} times");
        }

        int least = min ?? 0;
        int most = max ?? int.MaxValue;
        if (least > most)
        {
            return new PatternNode.Repeat(node, most, least, Greed.Possessive);
        }

        // Oniguruma takes a sign after an interval for a quantifier of its own, but for {n,m}?.
        bool lazy = comma && scanner.Take("?");
        return new PatternNode.Repeat(node, least, most, lazy ? Greed.Lazy : Greed.Greedy);
    }
}
