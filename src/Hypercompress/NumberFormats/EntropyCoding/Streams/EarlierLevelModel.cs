namespace Hypercompress.NumberFormats.EntropyCoding.Streams;

/// <summary>
/// The level model of version 1 of coded blocks: a table of halved magnitudes for each class and parity, then raw low
/// bits, then a raw sign.
/// </summary>
internal sealed class EarlierLevelModel
{
    private const int Escape = 63;
    private const int EscapeBits = 13;
    private const int MostShift = 8;

    private readonly FrequencyTable[] _tables;
    private readonly int _shift;

    private EarlierLevelModel(FrequencyTable[] tables, int shift) => (_tables, _shift) = (tables, shift);

    /// <summary>Reads a model.</summary>
    /// <exception cref="FormatException">The data ends or is malformed.</exception>
    internal static EarlierLevelModel Read(ref CodedBytes reader, int classes)
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

        return new EarlierLevelModel(tables, shift);
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
}
