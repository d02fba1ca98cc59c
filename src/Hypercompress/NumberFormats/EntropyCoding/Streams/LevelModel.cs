namespace Hypercompress.NumberFormats.EntropyCoding.Streams;

/// <summary>
/// Which levels are how likely: a table for each class, and for levels of a trellis one for each class and parity. The
/// lowest bits are even odds where levels are large.
/// </summary>
internal sealed class LevelModel
{
    /// <summary>The largest magnitude of a level: the most that an escaped level can encode.</summary>
    internal const int Largest = 16383;

    /// <summary>Bits of an escaped level that are coded first.</summary>
    internal const int EscapeLowBits = 8;

    /// <summary>Bits of an escaped level that are coded after these.</summary>
    internal const int EscapeHighBits = 7;

    /// <summary>In tables that are spread, the code of classes that have no levels.</summary>
    internal const int Unused = LevelTable.Escape - 1;

    private const int MostShift = 8;
    private const double UnseenBits = 18;

    private readonly LevelTable[] _tables;
    private readonly int _shift;
    private readonly int _parities;

    private LevelModel(LevelTable[] tables, int shift, LevelCode code) =>
        (_tables, _shift, _parities) = (tables, shift, ParitiesOf(code));

    /// <summary>Number of classes.</summary>
    internal int Classes => _tables.Length / _parities;

    /// <summary>Low bits of an index that are written as they are.</summary>
    internal int Shift => _shift;

    /// <summary>A model for levels that occur so often.</summary>
    /// <param name="counts">Occurrences of each index: [table][index], see <see cref="TableOf"/>.</param>
    /// <param name="code">Which levels may follow each other.</param>
    internal static LevelModel Of(long[][] counts, LevelCode code)
    {
        LevelModel best = WithShift(counts, 0, code);
        double least = best.TotalBits(counts);
        for (int shift = 1; shift <= MostShift; shift++)
        {
            LevelModel coarser = WithShift(counts, shift, code);
            double bits = coarser.TotalBits(counts);
            (best, least) = bits < least ? (coarser, bits) : (best, least);
        }

        return best;
    }

    /// <summary>Reads a model.</summary>
    /// <exception cref="FormatException">The data ends or is malformed.</exception>
    internal static LevelModel Read(ref CodedBytes reader, int classes, LevelCode code)
    {
        int shift = reader.Byte();
        if (shift > MostShift)
        {
            throw new FormatException($"levels have {shift} even bits; at most {MostShift} are possible");
        }

        var tables = new LevelTable[classes * ParitiesOf(code)];
        for (int i = 0; i < tables.Length; i++)
        {
            tables[i] = LevelTable.Read(ref reader, HasZero(i, code));
        }

        return new LevelModel(tables, shift, code);
    }

    /// <summary>Number of tables.</summary>
    /// <param name="classes">Number of classes.</param>
    /// <param name="code">Which levels may follow each other.</param>
    internal static int Tables(int classes, LevelCode code) => classes * ParitiesOf(code);

    /// <summary>The table of a magnitude, and its index there.</summary>
    /// <param name="index">The class.</param>
    /// <param name="magnitude">The magnitude.</param>
    /// <param name="code">Which levels may follow each other.</param>
    internal static (int Table, int Index) TableOf(int index, int magnitude, LevelCode code) =>
        code == LevelCode.Scalar ? (index, magnitude) : ((index * 2) + (magnitude & 1), magnitude >> 1);

    /// <summary>Writes the model.</summary>
    internal void Write(List<byte> stream)
    {
        stream.Add((byte)_shift);
        foreach (LevelTable table in _tables)
        {
            table.Write(stream);
        }
    }

    /// <summary>Bits of a level.</summary>
    /// <param name="index">Its class.</param>
    /// <param name="magnitude">Its magnitude.</param>
    internal double Bits(int index, int magnitude)
    {
        (LevelTable table, int place) = Find(index, magnitude);
        double sign = HasRawSign(place >> _shift, place) ? 1 : 0;
        double coded = table.Bits(place >> _shift) + _shift + (table.HasZero ? sign : 0);
        double escaped = table.EscapeCost() + EscapeLowBits + EscapeHighBits;
        return Math.Min(UnseenBits, Math.Min(coded, escaped));
    }

    /// <summary>Bits of a level on average.</summary>
    /// <param name="counts">Occurrences, as in <see cref="Of"/>.</param>
    internal double MeanBits(long[][] counts)
    {
        (double bits, long levels) = (0, 0);
        for (int table = 0; table < counts.Length; table++)
        {
            for (int place = 0; place < counts[table].Length; place++)
            {
                long count = counts[table][place];
                bits += count == 0 ? 0 : count * Bits(table / _parities, MagnitudeOf(place, table % _parities));
                levels += count;
            }
        }

        return bits / levels;
    }

    /// <summary>Bits of all levels, and of the tables.</summary>
    /// <param name="counts">Occurrences, as in <see cref="Of"/>.</param>
    internal double TotalBits(long[][] counts) =>
        (MeanBits(counts) * counts.Sum(table => table.Sum())) + (8 * _tables.Sum(table => table.StoredBytes));

    /// <summary>
    /// Pushes what follows the symbol of a level; before the symbol, since the last pushed is read first.
    /// </summary>
    internal void PushRest(LaneEncoder encoder, int lane, int index, int level)
    {
        (LevelTable table, int place) = Find(index, Math.Abs(level));
        if (table.Has(place >> _shift))
        {
            if (table.HasZero && HasRawSign(place >> _shift, place))
            {
                encoder.PushBits(lane, level < 0 ? 1 : 0, 1);
            }

            encoder.PushBits(lane, place & ((1 << _shift) - 1), _shift);
            return;
        }

        int escaped = (place << 1) | (level < 0 ? 1 : 0);
        encoder.PushBits(lane, escaped >> EscapeLowBits, EscapeHighBits);
        encoder.PushBits(lane, escaped & ((1 << EscapeLowBits) - 1), EscapeLowBits);
    }

    /// <summary>Pushes the symbol of a level.</summary>
    internal void PushSymbol(LaneEncoder encoder, int lane, int index, int level)
    {
        (LevelTable table, int place) = Find(index, Math.Abs(level));
        int bucket = place >> _shift;
        (int share, int start) = table.Has(bucket) ? table.Range(bucket, level < 0) : table.EscapeRange();
        encoder.Push(lane, share, start);
    }

    /// <summary>The entries of a class, and of a parity where levels follow a trellis.</summary>
    /// <exception cref="FormatException">The class has no levels.</exception>
    internal uint[] Entries(int index, int parity) => _tables[(index * _parities) + (parity & (_parities - 1))].Entries;

    /// <summary>Number of tables of this model.</summary>
    internal int TableCount => _tables.Length;

    /// <summary>Writes a table as <see cref="LevelTable.Spread(Span{byte}, Span{uint})"/>.</summary>
    /// <param name="table">Its number; in a table that is empty, all places get <see cref="Unused"/>.</param>
    /// <param name="codes">As many as there are places.</param>
    /// <param name="ranges">As many as there are codes.</param>
    internal void Spread(int table, Span<byte> codes, Span<uint> ranges)
    {
        if (_tables[table].IsEmpty)
        {
            codes.Fill(Unused);
            ranges[Unused] = Unused;
        }
        else
        {
            _tables[table].Spread(codes, ranges);
        }
    }

    /// <summary>Takes what follows the symbol of a level.</summary>
    /// <param name="decoder">The coder.</param>
    /// <param name="lane">Its lane.</param>
    /// <param name="symbol">The code that was taken.</param>
    /// <param name="parity">Parity of the level; not used where levels follow no trellis.</param>
    /// <returns>The level.</returns>
    /// <exception cref="FormatException">The data ends.</exception>
    internal int TakeRest(ref LaneDecoder decoder, int lane, int symbol, int parity)
    {
        int place;
        int sign = symbol & 1;
        if (symbol == LevelTable.Escape)
        {
            int escaped = decoder.TakeBits(lane, EscapeLowBits);
            escaped |= decoder.TakeBits(lane, EscapeHighBits) << EscapeLowBits;
            (place, sign) = (escaped >> 1, escaped & 1);
        }
        else
        {
            place = ((symbol >> 1) << _shift) | (_shift == 0 ? 0 : decoder.TakeBits(lane, _shift));
            bool isRaw = (_parities == 1 || parity == 0) && HasRawSign(symbol >> 1, place);
            sign = isRaw ? decoder.TakeBits(lane, 1) : sign;
        }

        int magnitude = MagnitudeOf(place, parity);
        return sign == 1 ? -magnitude : magnitude;
    }

    // A first bucket of several levels, 0 among them, has no signs: they follow where they are needed.
    private bool HasRawSign(int bucket, int place) => bucket == 0 && _shift > 0 && place > 0;

    private static LevelModel WithShift(long[][] counts, int shift, LevelCode code) => new(
        [.. counts.Select((table, i) => LevelTable.Of(Fold(table, shift), HasZero(i, code)))], shift, code);

    private static int ParitiesOf(LevelCode code) => code == LevelCode.Scalar ? 1 : 2;

    private static bool HasZero(int table, LevelCode code) => table % ParitiesOf(code) == 0;

    private static long[] Fold(long[] counts, int shift)
    {
        var folded = new long[(counts.Length >> shift) + 1];
        for (int place = 0; place < counts.Length; place++)
        {
            folded[place >> shift] += counts[place];
        }

        return folded;
    }

    private int MagnitudeOf(int place, int parity) => _parities == 1 ? place : (place << 1) | parity;

    private (LevelTable Table, int Place) Find(int index, int magnitude) => _parities == 1
        ? (_tables[index], magnitude)
        : (_tables[(index * 2) + (magnitude & 1)], magnitude >> 1);
}
