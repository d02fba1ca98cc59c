namespace Hypercompress.Models.Tokenization.Patterns.Characters;

/// <summary>An immutable set of Unicode code points (0 to 0x10FFFF), kept as ascending ranges.</summary>
internal sealed class CodePointSet : IEquatable<CodePointSet>
{
    /// <summary>The number of code points.</summary>
    public const int CodePoints = 0x110000;

    private const int BasicPlane = 0x10000;
    private const int FewBounds = 8;

    /// <summary>The set without members.</summary>
    public static readonly CodePointSet Empty = new([]);

    /// <summary>The set of all code points.</summary>
    public static readonly CodePointSet All = new([0, CodePoints]);

    // The first code point of each range, and the one after its last, in turn.
    private readonly int[] _bounds;
    private ulong[]? _basicPlane;

    private CodePointSet(int[] bounds) => _bounds = bounds;

    /// <summary>The number of ranges.</summary>
    public int RangeCount => _bounds.Length / 2;

    /// <summary>The only member, or -1 where there are none or several.</summary>
    public int Single => _bounds.Length == 2 && _bounds[1] == _bounds[0] + 1 ? _bounds[0] : -1;

    /// <summary>The ranges, each with its last member.</summary>
    public IEnumerable<CodePointRange> Ranges
    {
        get
        {
            for (int i = 0; i < _bounds.Length; i += 2)
            {
                yield return new CodePointRange(_bounds[i], _bounds[i + 1] - 1);
            }
        }
    }

    /// <summary>The set of one code point.</summary>
    public static CodePointSet Of(int codePoint) => Range(codePoint, codePoint);

    /// <summary>The set of several code points.</summary>
    public static CodePointSet Of(IEnumerable<int> codePoints) =>
        FromRanges(codePoints.Select(point => new CodePointRange(point, point)));

    /// <summary>The set of the code points from one to another, both included.</summary>
    public static CodePointSet Range(int first, int last) => new([first, last + 1]);

    /// <summary>The set of all members of ranges, which may overlap and have any order.</summary>
    public static CodePointSet FromRanges(IEnumerable<CodePointRange> ranges)
    {
        var bounds = new List<int>();
        foreach (var (first, last) in ranges.OrderBy(range => range.First))
        {
            if (bounds.Count > 0 && first <= bounds[^1])
            {
                bounds[^1] = Math.Max(bounds[^1], last + 1);
            }
            else
            {
                bounds.Add(first);
                bounds.Add(last + 1);
            }
        }

        return bounds.Count == 0 ? Empty : new CodePointSet([.. bounds]);
    }

    /// <summary>The set of what is in any of the sets.</summary>
    public static CodePointSet Union(IReadOnlyCollection<CodePointSet> sets) => sets.Count == 1
        ? sets.First()
        : FromRanges(sets.Distinct().SelectMany(set => set.Ranges));

    /// <summary>The set of what is not in this one.</summary>
    public CodePointSet Complement()
    {
        var bounds = new List<int>(_bounds.Length + 2);
        int start = 0;
        foreach (var (first, last) in Ranges)
        {
            if (first > start)
            {
                bounds.Add(start);
                bounds.Add(first);
            }

            start = last + 1;
        }

        if (start < CodePoints)
        {
            bounds.Add(start);
            bounds.Add(CodePoints);
        }

        return new CodePointSet([.. bounds]);
    }

    /// <summary>The set of what is in both sets.</summary>
    public CodePointSet Intersect(CodePointSet other) =>
        Union([Complement(), other.Complement()]).Complement();

    /// <summary>Whether a code point is a member.</summary>
    public bool Contains(int codePoint)
    {
        if (_bounds.Length <= FewBounds)
        {
            return IsAmongFew(codePoint);
        }

        return codePoint < BasicPlane
            ? ((_basicPlane ??= MarkBasicPlane())[codePoint >> 6] & (1UL << (codePoint & 63))) != 0
            : IsBetween(codePoint);
    }

    /// <inheritdoc/>
    public bool Equals(CodePointSet? other) => other is not null && _bounds.AsSpan().SequenceEqual(other._bounds);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CodePointSet);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (int bound in _bounds)
        {
            hash.Add(bound);
        }

        return hash.ToHashCode();
    }

    private bool IsAmongFew(int codePoint)
    {
        for (int i = 0; i < _bounds.Length; i += 2)
        {
            if (codePoint >= _bounds[i] && codePoint < _bounds[i + 1])
            {
                return true;
            }
        }

        return false;
    }

    private bool IsBetween(int codePoint)
    {
        int at = Array.BinarySearch(_bounds, codePoint);
        // An odd number of bounds at or before it means that a range has begun and not ended.
        return ((at >= 0 ? at + 1 : ~at) & 1) == 1;
    }

    private ulong[] MarkBasicPlane()
    {
        var marks = new ulong[BasicPlane / 64];
        foreach (var (first, last) in Ranges)
        {
            for (int point = first; point <= last && point < BasicPlane; point++)
            {
                marks[point >> 6] |= 1UL << (point & 63);
            }
        }

        return marks;
    }
}
