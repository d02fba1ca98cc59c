namespace Hypercompress.NumberFormats.EntropyCoding.Streams;

/// <summary>
/// How often each symbol occurs, as shares of 2^14. In the file a symbol takes one byte, −8 · log₂ of its share; reader
/// and writer make the same whole numbers of it.
/// </summary>
internal sealed class FrequencyTable
{
    /// <summary>Shares add up to 2 to this power.</summary>
    internal const int Precision = 14;

    /// <summary>Symbols are below this.</summary>
    internal const int MostSymbols = 255;

    /// <summary>What the file says of a symbol that does not occur.</summary>
    internal const byte Absent = 255;

    private const int Total = 1 << Precision;
    private const int StepsPerBit = 8;
    private const double WeightScale = 1 << 20;

    private readonly byte[] _logs;
    private readonly int[] _shares;
    private readonly int[] _starts;
    private byte[]? _symbols;

    private FrequencyTable(byte[] logs)
    {
        _logs = logs;
        _shares = Share(logs, Total);
        _starts = new int[logs.Length + 1];
        for (int symbol = 0; symbol < logs.Length; symbol++)
        {
            _starts[symbol + 1] = _starts[symbol] + _shares[symbol];
        }
    }

    /// <summary>Bytes in the file.</summary>
    internal int StoredBytes => 1 + _logs.Length;

    /// <summary>A table for symbols that occur so often.</summary>
    /// <param name="counts">Occurrences by symbol, at most 255 of them; all zero gives a table of nothing.</param>
    internal static FrequencyTable Of(ReadOnlySpan<long> counts) => new(Logs(counts));

    /// <summary>What the file says of symbols that occur so often: −8 · log₂ of each share.</summary>
    /// <param name="counts">Occurrences by symbol.</param>
    internal static byte[] Logs(ReadOnlySpan<long> counts)
    {
        int length = counts.LastIndexOfAnyExcept(0) + 1;
        double sum = 0;
        foreach (long count in counts)
        {
            sum += count;
        }

        var logs = new byte[length];
        for (int symbol = 0; symbol < length; symbol++)
        {
            double log = -StepsPerBit * Math.Log2(counts[symbol] / sum);
            logs[symbol] = counts[symbol] == 0 ? Absent : (byte)Math.Min(Math.Round(log), StepsPerBit * Precision);
        }

        return logs;
    }

    /// <summary>Whether a byte of the file announces a symbol that occurs.</summary>
    internal static bool Occurs(byte log) => log <= StepsPerBit * Precision;

    /// <summary>Reads a table.</summary>
    /// <exception cref="FormatException">The data ends, or the table has symbols of which none occurs.</exception>
    internal static FrequencyTable Read(ref CodedBytes reader)
    {
        byte[] logs = reader.Bytes(reader.Byte()).ToArray();
        return logs.Length == 0 || logs.Any(Occurs)
            ? new FrequencyTable(logs)
            : throw new FormatException("a table of symbol frequencies has no symbol that occurs");
    }

    /// <summary>Writes the table.</summary>
    internal void Write(List<byte> stream)
    {
        stream.Add((byte)_logs.Length);
        stream.AddRange(_logs);
    }

    /// <summary>Bits that a symbol takes; infinite for one that does not occur.</summary>
    internal double Bits(int symbol) => symbol < _shares.Length && _shares[symbol] > 0
        ? Precision - Math.Log2(_shares[symbol])
        : double.PositiveInfinity;

    /// <summary>The share of a symbol, and where it starts.</summary>
    internal (int Share, int Start) Range(int symbol) => (_shares[symbol], _starts[symbol]);

    /// <summary>The symbol at a place in 0 … 2^14−1.</summary>
    /// <exception cref="FormatException">The table has no symbols.</exception>
    internal int SymbolAt(int place) => (_symbols ??= Spread())[place];

    /// <summary>Shares that add up to a total, of which every symbol that occurs gets 1 at least.</summary>
    /// <param name="logs">As <see cref="Logs"/> gives them.</param>
    /// <param name="total">At least the number of symbols.</param>
    internal static int[] Share(byte[] logs, int total)
    {
        long[] weights =
        [
            .. logs.Select(
                log => log == Absent ? 0
                : Math.Max(1, (long)Math.Round(WeightScale * Math.Pow(2, -(double)log / StepsPerBit)))),
        ];
        long sum = weights.Sum();
        int[] shares = [.. weights.Select(weight => weight == 0 ? 0 : (int)Math.Max(1, weight * total / sum))];

        // The remainder of rounding is added to (or taken from) the largest share, which it changes least.
        while (shares.Length > 0 && shares.Sum() != total)
        {
            int largest = Array.IndexOf(shares, shares.Max());
            shares[largest] = Math.Max(1, shares[largest] + total - shares.Sum());
        }

        return shares;
    }

    private byte[] Spread()
    {
        if (_shares.Length == 0)
        {
            throw new FormatException("a symbol of a class that was said to have none");
        }

        var symbols = new byte[Total];
        for (int symbol = 0; symbol < _shares.Length; symbol++)
        {
            symbols.AsSpan(_starts[symbol], _shares[symbol]).Fill((byte)symbol);
        }

        return symbols;
    }
}
