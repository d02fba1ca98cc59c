namespace Hypercompress.NumberFormats.EntropyCoding;

/// <summary>
/// Which levels are how likely: a table of halved magnitudes for each class and parity. Signs are even odds, and so are
/// the lowest bits where levels are large.
/// </summary>
internal sealed class LevelModel
{
    private const int MostSymbols = 64;
    private const int Escape = MostSymbols - 1;
    private const int EscapeBits = 13;
    private const int MostShift = 8;
    private const double UnseenBits = 18;

    private readonly FrequencyTable[] _tables;
    private readonly int _shift;

    private LevelModel(FrequencyTable[] tables, int shift) => (_tables, _shift) = (tables, shift);

    /// <summary>Number of classes.</summary>
    internal int Classes => _tables.Length / 2;

    /// <summary>A model for levels that occur so often.</summary>
    /// <param name="counts">Occurrences of each halved magnitude: [class · 2 + parity][magnitude / 2].</param>
    internal static LevelModel Of(long[][] counts)
    {
        int shift = 0;
        long all = counts.Sum(table => table.Sum());
        while (shift < MostShift && counts.Sum(table => table.Skip(Escape << shift).Sum()) * 1000 > all)
        {
            shift++;
        }

        return new LevelModel([.. counts.Select(table => FrequencyTable.Of(Fold(table, shift)))], shift);
    }

    /// <summary>Reads a model.</summary>
    /// <exception cref="FormatException">The data ends or is malformed.</exception>
    internal static LevelModel Read(ref CodedBytes reader, int classes)
    {
        int shift = reader.Byte();
        if (shift > MostShift)
        {
            throw new FormatException($"levels have {shift} even bits; at most {MostShift} are possible");
        }

        var tables = new FrequencyTable[classes * 2];
        for (int i = 0; i < tables.Length; i++)
        {
            tables[i] = FrequencyTable.Read(ref reader);
        }

        return new LevelModel(tables, shift);
    }

    /// <summary>Writes the model.</summary>
    internal void Write(List<byte> stream)
    {
        stream.Add((byte)_shift);
        foreach (FrequencyTable table in _tables)
        {
            table.Write(stream);
        }
    }

    /// <summary>Bits of a level.</summary>
    /// <param name="index">Its class.</param>
    /// <param name="magnitude">Its magnitude.</param>
    internal double Bits(int index, int magnitude)
    {
        int symbol = int.Min(magnitude >> (1 + _shift), Escape);
        double bits = Math.Min(UnseenBits, _tables[(index * 2) + (magnitude & 1)].Bits(symbol));
        return bits + (symbol == Escape ? EscapeBits : _shift) + (magnitude > 0 ? 1 : 0);
    }

    /// <summary>Bits of a level on average.</summary>
    /// <param name="counts">Occurrences, as in <see cref="Of"/>.</param>
    internal double MeanBits(long[][] counts)
    {
        (double bits, long levels) = (0, 0);
        for (int table = 0; table < counts.Length; table++)
        {
            for (int half = 0; half < counts[table].Length; half++)
            {
                long count = counts[table][half];
                bits += count == 0 ? 0 : count * Bits(table >> 1, (half << 1) | (table & 1));
                levels += count;
            }
        }

        return bits / levels;
    }

    /// <summary>Pushes a level.</summary>
    internal void Push(RansEncoder encoder, int index, int level)
    {
        int magnitude = Math.Abs(level);
        int half = magnitude >> 1;
        int symbol = int.Min(half >> _shift, Escape);
        if (magnitude > 0)
        {
            encoder.PushBits(level < 0 ? 1 : 0, 1);
        }

        if (symbol == Escape)
        {
            encoder.PushBits(half, EscapeBits);
        }
        else
        {
            encoder.PushBits(half & ((1 << _shift) - 1), _shift);
        }

        encoder.Push(_tables[(index * 2) + (magnitude & 1)], symbol);
    }

    /// <summary>Takes a level.</summary>
    /// <exception cref="FormatException">The data ends or is malformed.</exception>
    internal int Take(ref RansDecoder decoder, int index, int parity)
    {
        int symbol = decoder.Take(_tables[(index * 2) + parity]);
        int half = symbol == Escape
            ? decoder.TakeBits(EscapeBits)
            : (symbol << _shift) | decoder.TakeBits(_shift);
        int magnitude = (half << 1) | parity;
        return magnitude > 0 && decoder.TakeBits(1) == 1 ? -magnitude : magnitude;
    }

    private static long[] Fold(long[] counts, int shift)
    {
        var folded = new long[MostSymbols];
        for (int half = 0; half < counts.Length; half++)
        {
            folded[int.Min(half >> shift, Escape)] += counts[half];
        }

        return folded;
    }
}
