using System.Buffers.Binary;

namespace Hypercompress.NumberFormats.EntropyCoding.Streams;

/// <summary>
/// Takes the symbols back that a <see cref="RansEncoder"/> pushed; never reads beyond the end of its data.
/// </summary>
internal ref struct RansDecoder
{
    private const int WordBits = 16;
    private const uint PlaceMask = (1 << FrequencyTable.Precision) - 1;
    private readonly ReadOnlySpan<byte> _data;
    private uint _state;
    private int _next = sizeof(uint);

    /// <summary>Starts.</summary>
    /// <exception cref="FormatException">There are fewer than four bytes, or they are not a valid state.</exception>
    internal RansDecoder(ReadOnlySpan<byte> data)
    {
        _data = data;
        _state = data.Length >= sizeof(uint) ? BinaryPrimitives.ReadUInt32LittleEndian(data) : 0;
        if (_state < RansEncoder.Least)
        {
            throw new FormatException("a run of coded symbols does not begin with a coder state");
        }
    }

    /// <summary>Takes a symbol of a table.</summary>
    /// <exception cref="FormatException">The data ends, or the table has no symbols.</exception>
    internal int Take(FrequencyTable table)
    {
        int symbol = table.SymbolAt((int)(_state & PlaceMask));
        (int share, int start) = table.Range(symbol);
        Drop((uint)share, (uint)start);
        return symbol;
    }

    /// <summary>Takes bits that were pushed without a table.</summary>
    /// <param name="bits">0 to 14.</param>
    /// <exception cref="FormatException">The data ends.</exception>
    internal int TakeBits(int bits)
    {
        int spare = FrequencyTable.Precision - bits;
        var value = (int)((_state & PlaceMask) >> spare);
        Drop(1u << spare, (uint)value << spare);
        return value;
    }

    private void Drop(uint share, uint start)
    {
        _state = (share * (_state >> FrequencyTable.Precision)) + (_state & PlaceMask) - start;
        if (_state < RansEncoder.Least)
        {
            if (_next + sizeof(ushort) > _data.Length)
            {
                throw new FormatException("a run of coded symbols ends too early");
            }

            _state = (_state << WordBits) | BinaryPrimitives.ReadUInt16LittleEndian(_data[_next..]);
            _next += sizeof(ushort);
        }
    }
}
