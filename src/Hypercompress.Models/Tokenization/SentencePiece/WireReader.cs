using Google.Protobuf;

namespace Hypercompress.Models.Tokenization.SentencePiece;

/// <summary>Reads the fields of a protocol-buffer message; no length is believed before the bytes are there.</summary>
/// <param name="message">The message.</param>
internal sealed class WireReader(ReadOnlySpan<byte> message)
{
    private readonly CodedInputStream _input = new(message.ToArray());
    private WireFormat.WireType _type;

    /// <summary>Number of the field that is read next.</summary>
    public int Field { get; private set; }

    /// <summary>Goes to the next field.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="InvalidDataException">The message is malformed.</exception>
    public bool Next()
    {
        uint tag = Guard(_input.ReadTag);
        (Field, _type) = (WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag));
        return tag != 0;
    }

    /// <summary>The value as bytes: a text, bytes or a message.</summary>
    /// <exception cref="InvalidDataException">It is of another type, or the message ends before it does.</exception>
    public ReadOnlySpan<byte> Bytes() => Read(WireFormat.WireType.LengthDelimited, _input.ReadBytes).Span;

    /// <summary>The value as a 32-bit number; enumerations too.</summary>
    /// <exception cref="InvalidDataException">It is of another type.</exception>
    public int Integer() => unchecked((int)Read(WireFormat.WireType.Varint, _input.ReadUInt64));

    /// <summary>The value as a truth value.</summary>
    /// <exception cref="InvalidDataException">It is of another type.</exception>
    public bool Flag() => Read(WireFormat.WireType.Varint, _input.ReadUInt64) != 0;

    /// <summary>The value as a 32-bit float.</summary>
    /// <exception cref="InvalidDataException">It is of another type.</exception>
    public float Float() => Read(WireFormat.WireType.Fixed32, _input.ReadFloat);

    /// <summary>Passes over the value.</summary>
    /// <exception cref="InvalidDataException">It is of a type that does not exist, or the message ends in
    /// it.</exception>
    public void Skip() => Guard(() =>
    {
        _input.SkipLastField();
        return true;
    });

    private T Read<T>(WireFormat.WireType type, Func<T> read) => _type == type
        ? Guard(read)
        : throw new InvalidDataException($"field {Field} has the wire type {_type}, expected {type}");

    private T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new InvalidDataException($"field {Field} is malformed near byte {_input.Position}: {e.Message}", e);
        }
    }
}
