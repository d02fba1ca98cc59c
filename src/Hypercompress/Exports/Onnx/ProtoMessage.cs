using System.Buffers.Binary;
using System.Text;

namespace Hypercompress.Exports.Onnx;

/// <summary>Writes one message in the wire format of Protocol Buffers.</summary>
internal sealed class ProtoMessage
{
    private const int Varint = 0;
    private const int Delimited = 2;
    private const int FourBytes = 5;

    private readonly MemoryStream _bytes = new();

    /// <summary>A whole number.</summary>
    public ProtoMessage Integer(int field, long value)
    {
        Key(field, Varint);
        WriteVarint((ulong)value);
        return this;
    }

    /// <summary>A single-precision number.</summary>
    public ProtoMessage Real(int field, float value)
    {
        Key(field, FourBytes);
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        _bytes.Write(bytes);
        return this;
    }

    /// <summary>A text.</summary>
    public ProtoMessage Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    /// <summary>A message inside this one.</summary>
    public ProtoMessage Message(int field, ProtoMessage value) => Bytes(field, value.ToArray());

    /// <summary>Raw bytes.</summary>
    public ProtoMessage Bytes(int field, ReadOnlySpan<byte> value)
    {
        Key(field, Delimited);
        WriteVarint((ulong)value.Length);
        _bytes.Write(value);
        return this;
    }

    /// <summary>The message.</summary>
    public byte[] ToArray() => _bytes.ToArray();

    private void Key(int field, int kind) => WriteVarint((ulong)((field << 3) | kind));

    private void WriteVarint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _bytes.WriteByte((byte)(value | 0x80));
        }

        _bytes.WriteByte((byte)value);
    }
}
