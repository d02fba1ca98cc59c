using System.Collections.Immutable;
using System.Globalization;

namespace Hypercompress.Models.Tokenization.Patterns.Syntax;

/// <summary>The groups of a regular expression, and references to them by number or name.</summary>
/// <param name="scanner">Reads the pattern.</param>
internal sealed class GroupNames(PatternScanner scanner)
{
    private const int LastDigit = 9;

    private readonly Dictionary<string, ImmutableArray<int>> _numbers = new(StringComparer.Ordinal);
    private int _count;
    private int _largestReference;

    /// <summary>Counts a group.</summary>
    /// <param name="name">Its name; null where it has none.</param>
    /// <returns>Its number; the first is 1.</returns>
    public int Open(string? name)
    {
        _count++;
        if (name is not null)
        {
            _numbers[name] = [.. _numbers.GetValueOrDefault(name, []), _count];
        }

        return _count;
    }

    /// <summary>Reads a reference such as <c>\1</c> or <c>\k&lt;name&gt;</c> if one comes.</summary>
    /// <param name="ignoreCase">Whether case does not matter.</param>
    /// <returns>The reference, or null where something else comes.</returns>
    /// <exception cref="ArgumentException">No group has the name.</exception>
    public PatternNode.BackReference? ReadReference(bool ignoreCase)
    {
        if (scanner.Take("k<"))
        {
            return new PatternNode.BackReference(Find(scanner.Until('>', "a back reference")), ignoreCase);
        }

        if (scanner.Take("k'"))
        {
            return new PatternNode.BackReference(Find(scanner.Until('\'', "a back reference")), ignoreCase);
        }

        int start = scanner.Position;
        if (scanner.Peek() is < '1' or > '9' || scanner.Number(10, 5) is not { } number)
        {
            return null;
        }

        if (number > LastDigit && number > _count)
        {
            scanner.Position = start;
            return null;
        }

        return new PatternNode.BackReference(Numbered(number), ignoreCase);
    }

    /// <summary>Refuses a reference to a group that the pattern does not have.</summary>
    /// <exception cref="ArgumentException">There is one.</exception>
    public void RequireKnown()
    {
        if (_largestReference > _count)
        {
            throw new ArgumentException($"it refers to the group {_largestReference}, but has {_count}");
        }
    }

    private ImmutableArray<int> Find(string name)
    {
        if (_numbers.TryGetValue(name, out var known))
        {
            return known;
        }

        if (!int.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number))
        {
            throw new ArgumentException($"it refers to the group '{name}', which it does not have before that");
        }

        return Numbered(number < 0 ? _count + 1 + number : number);
    }

    private ImmutableArray<int> Numbered(int number)
    {
        if (number < 1)
        {
            throw new ArgumentException($"it refers to the group {number}, but groups are counted from 1");
        }

        _largestReference = Math.Max(_largestReference, number);
        return _numbers.Count == 0
            ? [number]
            : throw new ArgumentException("it refers to a group by number, although its groups have names");
    }
}
