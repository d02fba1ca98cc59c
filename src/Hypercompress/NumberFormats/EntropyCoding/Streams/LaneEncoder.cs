using System.Buffers.Binary;

namespace Hypercompress.NumberFormats.EntropyCoding.Streams;

/// <summary>
/// Several coder states (Duda, arXiv 1311.2540) that share one stream of 16-bit words, so that a reader can advance all
/// of them at once (Giesen, arXiv 1402.3392). What is pushed last is read first.
/// </summary>
/// <param name="lanes">Number of states, 1 to 255.</param>
internal sealed class LaneEncoder(int lanes)
{
    private const int WordBits = 16;
    private readonly List<ushort> _words = [];
    private readonly uint[] _states = [.. Enumerable.Repeat(RansEncoder.Least, lanes)];

    /// <summary>Pushes a symbol.</summary>
    /// <param name="lane">The state that takes it.</param>
    /// <param name="share">Its share of 2^12.</param>
    /// <param name="start">Where the share starts.</param>
    internal void Push(int lane, int share, int start)
    {
        uint state = _states[lane];
        if (state >= (ulong)share << (32 - LevelTable.Precision))
        {
            _words.Add((ushort)state);
            state >>= WordBits;
        }

        _states[lane] = (uint)((state / share << LevelTable.Precision) + (state % share) + start);
    }

    /// <summary>Pushes bits that are as likely set as not.</summary>
    /// <param name="lane">The state that takes them.</param>
    /// <param name="value">Below 2^<paramref name="bits"/>.</param>
    /// <param name="bits">0 to 12.</param>
    internal void PushBits(int lane, int value, int bits)
    {
        int spare = LevelTable.Precision - bits;
        Push(lane, 1 << spare, value << spare);
    }

    /// <summary>All states, then all words, last pushed first.</summary>
    internal byte[] Finish()
    {
        int head = sizeof(uint) * lanes;
        var bytes = new byte[head + (sizeof(ushort) * _words.Count)];
        for (int lane = 0; lane < lanes; lane++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(sizeof(uint) * lane), _states[lane]);
        }

        for (int i = 0; i < _words.Count; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(
                bytes.AsSpan(head + (sizeof(ushort) * i)), _words[_words.Count - 1 - i]);
        }

        return bytes;
    }
}
