using System.Buffers.Binary;

namespace Hypercompress.NumberFormats.EntropyCoding.Streams;

/// <summary>Reads numbers from the beginning of a coded block; never beyond its end.</summary>
/// <param name="data">The block.</param>
internal ref struct CodedBytes(ReadOnlySpan<byte> data)
{
    private readonly int _length = data.Length;
    private ReadOnlySpan<byte> _rest = data;

    /// <summary>Bytes that were read.</summary>
    internal readonly int Position => _length - _rest.Length;

    /// <summary>The next byte.</summary>
    /// <exception cref="FormatException">The data ends.</exception>
    internal byte Byte() => Bytes(1)[0];

    /// <summary>The next four bytes as a whole number, lowest byte first.</summary>
    /// <exception cref="FormatException">The data ends.</exception>
    internal int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Bytes(sizeof(int)));

    /// <summary>The next four bytes as a number.</summary>
    /// <exception cref="FormatException">The data ends.</exception>
    internal float Single() => BinaryPrimitives.ReadSingleLittleEndian(Bytes(sizeof(float)));

    /// <summary>The next bytes.</summary>
    /// <exception cref="FormatException">The data ends.</exception>
    internal ReadOnlySpan<byte> Bytes(int count)
    {
        if (count < 0 || count > _rest.Length)
        {
            throw new FormatException($"the coded block ends {_rest.Length} bytes on, where {count} are announced");
        }

        ReadOnlySpan<byte> bytes = _rest[..count];
        _rest = _rest[count..];
        return bytes;
    }
}
