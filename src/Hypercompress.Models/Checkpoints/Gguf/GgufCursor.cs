using System.Buffers.Binary;
using System.Text;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Checkpoints.Gguf;

/// <summary>
/// Reads the head of a GGUF file from front to back; nothing is allocated before the file is known to hold it.
/// </summary>
/// <param name="file">The open file.</param>
internal sealed class GgufCursor(CheckpointFile file)
{
    private const int WindowBytes = 1 << 16;

    private readonly byte[] _window = new byte[Math.Min(WindowBytes, file.Length)];
    private long _windowStart;
    private int _windowLength;

    /// <summary>Bytes from the start of the file.</summary>
    public long Position { get; private set; }

    /// <summary>Bytes left in the file.</summary>
    public long Remaining => file.Length - Position;

    /// <summary>Reads one byte.</summary>
    /// <returns>The byte.</returns>
    public byte ReadByte() => Take(1)[0];

    /// <summary>Reads 16 bits.</summary>
    /// <returns>The number.</returns>
    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    /// <summary>Reads 32 bits.</summary>
    /// <returns>The number.</returns>
    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    /// <summary>Reads 64 bits.</summary>
    /// <returns>The number.</returns>
    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>Reads how many things follow.</summary>
    /// <param name="leastBytes">The fewest bytes that one of them takes.</param>
    /// <param name="what">What they are, for the message.</param>
    /// <returns>The number, such that the file may hold as many.</returns>
    /// <exception cref="CheckpointException">The file is too short for as many.</exception>
    public int ReadCount(int leastBytes, string what)
    {
        ulong count = ReadUInt64();
        if (count > (ulong)(Remaining / leastBytes) || count > 1 << 30)
        {
            throw Fail($"{what}: {count} of them cannot be in the {Remaining} bytes that follow");
        }

        return (int)count;
    }

    /// <summary>Reads a text.</summary>
    /// <param name="what">What it is, for the message.</param>
    /// <returns>The text.</returns>
    /// <exception cref="CheckpointException">The file is too short, or the text is not UTF-8.</exception>
    public string ReadString(string what)
    {
        int length = ReadCount(1, $"{what}, bytes");
        try
        {
            if (length <= _window.Length)
            {
                return StrictUtf8.Utf8.GetString(Take(length));
            }

            byte[] bytes = new byte[length];
            ReadBytes(bytes);
            return StrictUtf8.Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw Fail($"{what} is not valid UTF-8", e);
        }
    }

    /// <summary>Reads bytes as they are.</summary>
    /// <param name="destination">Filled completely.</param>
    public void ReadBytes(Span<byte> destination)
    {
        file.ReadExactly(Position, destination);
        Position += destination.Length;
    }

    /// <summary>Makes the failure of this file.</summary>
    /// <param name="problem">What is wrong.</param>
    /// <param name="inner">The cause, when there is one.</param>
    /// <returns>The exception, for throwing.</returns>
    public CheckpointException Fail(string problem, Exception? inner = null) => new(file.Path, problem, inner);

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > Remaining)
        {
            throw Fail($"ends in the middle of its head, at byte {file.Length}; it may be cut off");
        }

        if (Position < _windowStart || Position + count > _windowStart + _windowLength)
        {
            _windowStart = Position;
            _windowLength = (int)Math.Min(_window.Length, Remaining);
            file.ReadExactly(_windowStart, _window.AsSpan(0, _windowLength));
        }

        var bytes = _window.AsSpan((int)(Position - _windowStart), count);
        Position += count;
        return bytes;
    }
}
