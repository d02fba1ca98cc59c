using System.Runtime.Intrinsics;

namespace Hypercompress.NumberFormats.EntropyCoding.Streams;

/// <summary>
/// How often levels of one class occur, as shares of 2^12: buckets of magnitudes, each in two halves for the two signs,
/// and an escape for what is rarer. In the file a bucket takes one byte, −8 · log₂ of its share.
/// </summary>
internal sealed class LevelTable
{
    /// <summary>Shares add up to 2 to this power.</summary>
    internal const int Precision = 12;

    /// <summary>Buckets are below this.</summary>
    internal const int MostBuckets = 62;

    /// <summary>The code of an escape.</summary>
    internal const int Escape = 127;

    /// <summary>Bits of a code in an entry; the share and the place inside it follow.</summary>
    internal const int CodeBits = 7;

    /// <summary>Bits of a share in an entry.</summary>
    internal const int ShareBits = 13;

    // Bit of the length of a table whose first symbol is the escape.
    private const int HasEscape = 1 << 7;

    private const int Pairs = 1 << (Precision - 1);
    private const double RarestShare = 1.0 / (1 << Precision);

    private readonly byte[] _logs;
    private readonly bool _hasZero;
    private readonly int[] _shares;
    private readonly int[] _starts;
    private uint[]? _entries;

    // Symbol 0 is the escape, symbol b + 1 the bucket b.
    private LevelTable(byte[] logs, bool hasZero)
    {
        (_logs, _hasZero) = (logs, hasZero);
        _shares = [.. FrequencyTable.Share(logs, Pairs).Select(pairs => pairs * 2)];
        _starts = new int[logs.Length + 1];
        for (int symbol = 0; symbol < logs.Length; symbol++)
        {
            _starts[symbol + 1] = _starts[symbol] + _shares[symbol];
        }
    }

    /// <summary>A table for buckets that occur so often.</summary>
    /// <param name="counts">Occurrences by bucket; those from <see cref="MostBuckets"/> on are escaped.</param>
    /// <param name="hasZero">Whether bucket 0 has the level 0, so that its symbol has no sign.</param>
    internal static LevelTable Of(ReadOnlySpan<long> counts, bool hasZero)
    {
        long sum = 0;
        foreach (long count in counts)
        {
            sum += count;
        }

        var kept = new long[MostBuckets + 1];
        for (int bucket = 0; bucket < counts.Length; bucket++)
        {
            bool isKept = bucket < MostBuckets && counts[bucket] >= sum * RarestShare;
            kept[isKept ? bucket + 1 : 0] += counts[bucket];
        }

        return new LevelTable(FrequencyTable.Logs(kept), hasZero);
    }

    /// <summary>Reads a table.</summary>
    /// <exception cref="FormatException">
    /// The data ends, the table has too many symbols, or it has symbols of which none occurs.
    /// </exception>
    internal static LevelTable Read(ref CodedBytes reader, bool hasZero)
    {
        int head = reader.Byte();
        bool hasEscape = (head & HasEscape) != 0;
        int length = head & ~HasEscape;
        if (length > MostBuckets + (hasEscape ? 1 : 0))
        {
            throw new FormatException($"a table of levels has {length} symbols; at most {MostBuckets + 1} exist");
        }

        ReadOnlySpan<byte> read = reader.Bytes(length);
        byte[] logs = hasEscape || length == 0 ? read.ToArray() : [FrequencyTable.Absent, .. read];

        return logs.Length == 0 || logs.Any(FrequencyTable.Occurs)
            ? new LevelTable(logs, hasZero)
            : throw new FormatException("a table of level frequencies has no symbol that occurs");
    }

    /// <summary>Writes the table.</summary>
    internal void Write(List<byte> stream)
    {
        bool hasEscape = _logs.Length > 0 && FrequencyTable.Occurs(_logs[0]);
        byte[] stored = hasEscape || _logs.Length == 0 ? _logs : _logs[1..];
        stream.Add((byte)(stored.Length | (hasEscape ? HasEscape : 0)));
        stream.AddRange(stored);
    }

    /// <summary>Whether bucket 0 has the level 0, so that its symbol has no sign.</summary>
    internal bool HasZero => _hasZero;

    /// <summary>Bytes in the file.</summary>
    internal int StoredBytes => 1 + _logs.Length - (_logs.Length > 0 && !FrequencyTable.Occurs(_logs[0]) ? 1 : 0);

    /// <summary>Whether the table codes a bucket; others are escaped.</summary>
    internal bool Has(int bucket) => bucket + 1 < _shares.Length && _shares[bucket + 1] > 0;

    /// <summary>Bits of a bucket with its sign; infinite where it is not coded.</summary>
    internal double Bits(int bucket) => Has(bucket)
        ? Precision - Math.Log2(IsSigned(bucket) ? _shares[bucket + 1] / 2 : _shares[bucket + 1])
        : double.PositiveInfinity;

    /// <summary>Bits of an escape, without what follows it; infinite where nothing is escaped.</summary>
    internal double EscapeCost() => _shares.Length > 0 && _shares[0] > 0
        ? Precision - Math.Log2(_shares[0])
        : double.PositiveInfinity;

    /// <summary>The share of a bucket with a sign, and where it starts.</summary>
    internal (int Share, int Start) Range(int bucket, bool isNegative)
    {
        (int share, int start) = (_shares[bucket + 1], _starts[bucket + 1]);
        return IsSigned(bucket) ? (share / 2, start + (isNegative ? share / 2 : 0)) : (share, start);
    }

    /// <summary>The share of the escape, and where it starts.</summary>
    internal (int Share, int Start) EscapeRange() => (_shares[0], 0);

    /// <summary>
    /// For each place in 0 … 2^12−1: the code of its symbol (twice the bucket, plus 1 where negative, or
    /// <see cref="Escape"/>), from bit 7 its share, from bit 20 how far the place is into it.
    /// </summary>
    /// <exception cref="FormatException">The table has no symbols.</exception>
    internal uint[] Entries => _entries ??= Spread();

    /// <summary>Whether no level has this table.</summary>
    internal bool IsEmpty => _shares.Length == 0;

    private bool IsSigned(int bucket) => bucket > 0 || !_hasZero;

    private uint[] Spread()
    {
        if (_shares.Length == 0)
        {
            throw new FormatException("a level of a class that was said to have none");
        }

        var entries = new uint[1 << Precision];
        foreach ((int start, int share, int code) in Ranges())
        {
            Fill(entries, start, share, code);
        }

        return entries;
    }

    /// <summary>Writes the code at each place, and the range of each code.</summary>
    /// <param name="codes">Gets 2^12 codes, as in <see cref="Entries"/>.</param>
    /// <param name="ranges">Gets, at each code: the code, from bit 7 its share, from bit 20 its start.</param>
    internal void Spread(Span<byte> codes, Span<uint> ranges)
    {
        foreach ((int start, int share, int code) in Ranges())
        {
            codes.Slice(start, share).Fill((byte)code);
            ranges[code] = (uint)(code | (share << CodeBits)) | ((uint)start << (CodeBits + ShareBits));
        }
    }

    private IEnumerable<(int Start, int Share, int Code)> Ranges()
    {
        yield return (0, _shares[0], Escape);
        for (int bucket = 0; bucket + 1 < _shares.Length; bucket++)
        {
            (int share, int start) = Range(bucket, isNegative: false);
            yield return (start, share, bucket << 1);
            if (IsSigned(bucket))
            {
                yield return (start + share, share, (bucket << 1) | 1);
            }
        }
    }

    private static void Fill(Span<uint> entries, int start, int share, int code)
    {
        Span<uint> target = entries.Slice(start, share);
        uint entry = (uint)(code | (share << CodeBits));
        int place = 0;
        Vector256<uint> places = (Vector256<uint>.Indices << (CodeBits + ShareBits)) + Vector256.Create(entry);
        for (; place + Vector256<uint>.Count <= share; place += Vector256<uint>.Count)
        {
            places.CopyTo(target[place..]);
            places += Vector256.Create((uint)Vector256<uint>.Count << (CodeBits + ShareBits));
        }

        for (; place < share; place++)
        {
            target[place] = entry + ((uint)place << (CodeBits + ShareBits));
        }
    }
}
