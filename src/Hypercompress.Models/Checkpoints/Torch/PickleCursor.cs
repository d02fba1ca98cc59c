using System.Buffers.Binary;
using System.Text;

namespace Hypercompress.Models.Checkpoints.Torch;

/// <summary>
/// Reads the arguments of pickle opcodes from front to back; no memory is asked for before the stream is known to hold
/// as much.
/// </summary>
/// <param name="program">
/// Is at the start of a pickle; finds its length. What follows the pickle is not read.
/// </param>
internal sealed class PickleCursor(Stream program)
{
    private const int LongestLine = 1 << 12;

    private byte[] _taken = new byte[256];

    /// <summary>Bytes from the start of the stream.</summary>
    public long Position => program.Position;

    /// <summary>Bytes up to the end of the stream.</summary>
    public long Remaining => program.Length - program.Position;

    /// <summary>Reads an opcode or a small number.</summary>
    /// <returns>The byte.</returns>
    public byte ReadByte() => Take(1)[0];

    /// <summary>Reads 16 bits.</summary>
    /// <returns>The number.</returns>
    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    /// <summary>Reads 32 bits with sign.</summary>
    /// <returns>The number.</returns>
    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    /// <summary>Reads 32 bits without sign.</summary>
    /// <returns>The number.</returns>
    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    /// <summary>Reads a double; the only number in a pickle that is big-endian.</summary>
    /// <returns>The number.</returns>
    public double ReadDouble() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    /// <summary>Reads an integer of up to 8 bytes, two's complement, little-endian.</summary>
    /// <returns>The number.</returns>
    /// <exception cref="PickleException">It has more bytes.</exception>
    public long ReadLong()
    {
        int length = ReadByte();
        if (length > sizeof(long))
        {
            throw new PickleException($"an integer of {length} bytes exceeds 64 bits");
        }

        var bytes = Take(length);
        long value = length > 0 && bytes[^1] >= 0x80 ? -1 : 0;
        for (int i = length - 1; i >= 0; i--)
        {
            value = (value << 8) | bytes[i];
        }

        return value;
    }

    /// <summary>Reads UTF-8 text of a known length.</summary>
    /// <param name="length">Its bytes.</param>
    /// <returns>The text.</returns>
    /// <exception cref="PickleException">The pickle ends before, or the bytes are no UTF-8.</exception>
    public string ReadText(uint length) => Decode(Take(length));

    /// <summary>Reads text up to the end of the line.</summary>
    /// <returns>The text without the line end.</returns>
    /// <exception cref="PickleException">There is no line end, or the bytes are no UTF-8.</exception>
    public string ReadLine()
    {
        var line = new List<byte>();
        for (byte next = ReadByte(); next != (byte)'\n'; next = ReadByte())
        {
            line.Add(next);
            if (line.Count == LongestLine || program.Position == program.Length)
            {
                throw new PickleException("a line does not end");
            }
        }

        return Decode([.. line]);
    }

    private static string Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new PickleException("a text is not valid UTF-8", e);
        }
    }

    private ReadOnlySpan<byte> Take(long count)
    {
        if (count > Remaining || count > Array.MaxLength)
        {
            throw new PickleException("the pickle ends too early");
        }

        if (count > _taken.Length)
        {
            _taken = new byte[count];
        }

        var bytes = _taken.AsSpan(0, (int)count);
        program.ReadExactly(bytes);
        return bytes;
    }
}
