using System.Buffers.Binary;

namespace Hypercompress.NumberFormats.EntropyCoding.Streams;

/// <summary>
/// Range asymmetric numeral system (Duda, arXiv 1311.2540): a stack of symbols in one number, whose overflow goes out
/// 16 bits at a time. The symbol that is pushed last is read first.
/// </summary>
internal sealed class RansEncoder
{
    /// <summary>The state stays at or above this.</summary>
    internal const uint Least = 1 << 16;

    private const int WordBits = 16;
    private readonly List<ushort> _words = [];
    private uint _state = Least;

    /// <summary>Pushes a symbol of a table.</summary>
    internal void Push(FrequencyTable table, int symbol)
    {
        (int share, int start) = table.Range(symbol);
        Push((uint)share, (uint)start);
    }

    /// <summary>Pushes bits that are as likely set as not.</summary>
    /// <param name="value">Below 2^<paramref name="bits"/>.</param>
    /// <param name="bits">0 to 14.</param>
    internal void PushBits(int value, int bits)
    {
        int spare = FrequencyTable.Precision - bits;
        Push(1u << spare, (uint)value << spare);
    }

    /// <summary>The state and all words, last pushed first.</summary>
    internal byte[] Finish()
    {
        var bytes = new byte[sizeof(uint) + (sizeof(ushort) * _words.Count)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, _state);
        for (int i = 0; i < _words.Count; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(
                bytes.AsSpan(sizeof(uint) + (sizeof(ushort) * i)), _words[_words.Count - 1 - i]);
        }

        return bytes;
    }

    private void Push(uint share, uint start)
    {
        if (_state >= (ulong)share << (32 - FrequencyTable.Precision))
        {
            _words.Add((ushort)_state);
            _state >>= WordBits;
        }

        _state = (_state / share << FrequencyTable.Precision) + (_state % share) + start;
    }
}
