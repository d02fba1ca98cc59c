using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Checkpoints.Gguf;

/// <summary>
/// Reads the head of a GGUF file from front to back; nothing is allocated before the file is known to hold it.
/// </summary>
/// <param name="file">The open file.</param>
internal sealed class GgufCursor(CheckpointFile file)
{
    private const int WindowBytes = 1 << 16;

    // A string of no characters, and the reference to it.
    private const int TextCost = 40;

    private readonly byte[] _window = new byte[Math.Min(WindowBytes, file.Length)];
    private readonly MemoryBudget _budget = new(file.Length);
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
    /// <param name="what">What they belong to, for the message.</param>
    /// <param name="unit">What they are, for the message.</param>
    /// <returns>The number, such that the file may hold as many.</returns>
    /// <exception cref="CheckpointException">The file is too short for as many.</exception>
    public int ReadCount(int leastBytes, string what, string unit)
    {
        ulong count = ReadUInt64();
        if (count > (ulong)(Remaining / leastBytes) || count > 1 << 30)
        {
            throw Fail($"{what}: {count} {unit} cannot be in the {Remaining} bytes that follow");
        }

        return (int)count;
    }

    /// <summary>Reads a text.</summary>
    /// <param name="what">What it is, for the message.</param>
    /// <returns>The text.</returns>
    /// <exception cref="CheckpointException">The file is too short, or the text is not UTF-8.</exception>
    public string ReadString(string what) => ReadText(what, out bool isValid) is var text && isValid
        ? text
        : throw Fail($"{what} is not valid UTF-8");

    /// <summary>Reads a text that perhaps nobody asks for: what is not UTF-8 in it is replaced.</summary>
    /// <param name="what">What it is, for the message.</param>
    /// <param name="isValid">Whether nothing had to be replaced.</param>
    /// <returns>The text.</returns>
    /// <exception cref="CheckpointException">The file is too short, or its texts take too much memory.</exception>
    public string ReadText(string what, out bool isValid)
    {
        int length = ReadCount(1, what, "bytes");
        Spend(TextCost + (2L * length), what);
        byte[] large = length <= _window.Length ? [] : new byte[length];
        if (large.Length > 0)
        {
            ReadBytes(large);
        }

        ReadOnlySpan<byte> bytes = large.Length > 0 ? large : Take(length);
        isValid = Utf8.IsValid(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Counts memory that is about to be asked for.</summary>
    /// <param name="bytes">How much.</param>
    /// <param name="what">What for, for the message.</param>
    /// <exception cref="CheckpointException">The head takes more than a file of this length may.</exception>
    public void Spend(long bytes, string what)
    {
        if (!_budget.Take(bytes))
        {
            throw Fail($"{what}: the head takes more memory than a file of {file.Length} bytes may; it is damaged");
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
