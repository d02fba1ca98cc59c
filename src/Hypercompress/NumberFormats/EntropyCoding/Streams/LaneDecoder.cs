using System.Buffers.Binary;

namespace Hypercompress.NumberFormats.EntropyCoding.Streams;

/// <summary>
/// Takes back what a <see cref="LaneEncoder"/> pushed; never reads beyond the end of its data.
/// </summary>
internal ref struct LaneDecoder
{
    private const int WordBits = 16;
    private const uint PlaceMask = (1 << LevelTable.Precision) - 1;
    private const uint ShareMask = (1 << LevelTable.ShareBits) - 1;
    private const uint CodeMask = (1 << LevelTable.CodeBits) - 1;
    private readonly ReadOnlySpan<byte> _data;
    private readonly Span<uint> _states;
    private int _next;

    /// <summary>Starts.</summary>
    /// <param name="data">The run.</param>
    /// <param name="states">Room for one state per lane.</param>
    /// <exception cref="FormatException">The data does not begin with that many valid states.</exception>
    internal LaneDecoder(ReadOnlySpan<byte> data, Span<uint> states)
    {
        _data = data;
        _states = states;
        _next = sizeof(uint) * states.Length;
        for (int lane = 0; lane < states.Length; lane++)
        {
            int place = sizeof(uint) * lane;
            states[lane] = data.Length >= place + sizeof(uint)
                ? BinaryPrimitives.ReadUInt32LittleEndian(data[place..])
                : 0;
            if (states[lane] < RansEncoder.Least)
            {
                throw new FormatException("a run of coded levels does not begin with its coder states");
            }
        }
    }

    /// <summary>Takes the code of a symbol.</summary>
    /// <exception cref="FormatException">The data ends.</exception>
    internal int Take(int lane, uint[] entries)
    {
        uint state = _states[lane];
        uint entry = entries[state & PlaceMask];
        uint share = (entry >> LevelTable.CodeBits) & ShareMask;
        _states[lane] = Refill(
            (share * (state >> LevelTable.Precision)) + (entry >> (LevelTable.CodeBits + LevelTable.ShareBits)));
        return (int)(entry & CodeMask);
    }

    /// <summary>Takes bits that were pushed without a table.</summary>
    /// <param name="lane">The state.</param>
    /// <param name="bits">0 to 12.</param>
    /// <exception cref="FormatException">The data ends.</exception>
    internal int TakeBits(int lane, int bits)
    {
        uint state = _states[lane];
        int spare = LevelTable.Precision - bits;
        uint place = state & PlaceMask;
        _states[lane] = Refill(((state >> LevelTable.Precision) << spare) + (place & ((1u << spare) - 1)));
        return (int)(place >> spare);
    }

    private uint Refill(uint state)
    {
        if (state >= RansEncoder.Least)
        {
            return state;
        }

        if (_next + sizeof(ushort) > _data.Length)
        {
            throw new FormatException("a run of coded levels ends too early");
        }

        state = (state << WordBits) | BinaryPrimitives.ReadUInt16LittleEndian(_data[_next..]);
        _next += sizeof(ushort);
        return state;
    }
}
