using System.Buffers.Binary;

namespace Hypercompress.Models.Tokenization.SentencePiece;

/// <summary>
/// Reads the fields of a protocol-buffer message in place: nothing is copied, and no length is believed before the
/// bytes are there.
/// </summary>
internal ref struct WireReader(ReadOnlySpan<byte> message)
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Delimited = 2;
    private const int Fixed32 = 5;
    private const int MaxVarintBytes = 10;

    private readonly ReadOnlySpan<byte> _message = message;
    private int _position;
    private int _type;

    /// <summary>Number of the field that is read next.</summary>
    public int Field { get; private set; }

    /// <summary>Goes to the next field.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="InvalidDataException">The message is malformed.</exception>
    public bool Next()
    {
        if (_position == _message.Length)
        {
            return false;
        }

        ulong tag = ReadVarint();
        (Field, _type) = ((int)Math.Min(tag >> 3, int.MaxValue), (int)(tag & 7));
        return Field > 0 ? true : throw new InvalidDataException($"a field has the number 0 at byte {_position}");
    }

    /// <summary>The value as bytes: a text, bytes or a message.</summary>
    /// <exception cref="InvalidDataException">It is of another type, or the message ends before it does.</exception>
    public ReadOnlySpan<byte> Bytes()
    {
        Require(Delimited);
        return Take(ReadVarint());
    }

    /// <summary>The value as a 32-bit number; enumerations too.</summary>
    /// <exception cref="InvalidDataException">It is of another type.</exception>
    public int Integer()
    {
        Require(Varint);
        return unchecked((int)ReadVarint());
    }

    /// <summary>The value as a truth value.</summary>
    /// <exception cref="InvalidDataException">It is of another type.</exception>
    public bool Flag()
    {
        Require(Varint);
        return ReadVarint() != 0;
    }

    /// <summary>The value as a 32-bit float.</summary>
    /// <exception cref="InvalidDataException">It is of another type.</exception>
    public float Float()
    {
        Require(Fixed32);
        return BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float)));
    }

    /// <summary>Passes over the value.</summary>
    /// <exception cref="InvalidDataException">It is of a type that does not exist.</exception>
    public void Skip()
    {
        ulong length = _type switch
        {
            Fixed64 => sizeof(ulong),
            Fixed32 => sizeof(uint),
            Delimited => ReadVarint(),
            Varint => 0,
            _ => throw new InvalidDataException($"field {Field} has the wire type {_type} at byte {_position}"),
        };
        if (_type == Varint)
        {
            ReadVarint();
        }

        Take(length);
    }

    private void Require(int type)
    {
        if (_type != type)
        {
            throw new InvalidDataException($"field {Field} has the wire type {_type}, expected {type}");
        }
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)(_message.Length - _position))
        {
            throw new InvalidDataException(
                $"field {Field} takes {length} bytes, but {_message.Length - _position} follow");
        }

        var bytes = _message.Slice(_position, (int)length);
        _position += (int)length;
        return bytes;
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (int i = 0; i < MaxVarintBytes && _position < _message.Length; i++)
        {
            byte part = _message[_position++];
            value |= (ulong)(part & 0x7F) << (7 * i);
            if (part < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException($"a number does not end at byte {_position}");
    }
}
