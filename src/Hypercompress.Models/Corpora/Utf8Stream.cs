using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Files;

namespace Hypercompress.Models.Corpora;

/// <summary>Passes bytes on and ends with an error, which names the position, at the first that is not UTF-8.</summary>
/// <param name="source">The bytes; owned by this.</param>
/// <param name="file">The path, for messages.</param>
/// <param name="whose">What the positions belong to, for messages: empty for the file itself.</param>
internal sealed class Utf8Stream(Stream source, string file, string whose = "") : ForwardStream
{
    private const int LongestSequence = 4;

    private readonly byte[] _pending = new byte[LongestSequence];
    private int _pendingCount;
    private long _position;

    /// <inheritdoc/>
    /// <exception cref="CheckpointException">A byte is not UTF-8, or the file cannot be read further.</exception>
    public override int Read(Span<byte> buffer)
    {
        int count = Fill(buffer);
        if (count == 0 && !buffer.IsEmpty && _pendingCount > 0)
        {
            throw Fault(_position - _pendingCount, _pending[0]);
        }

        Check(buffer[..count]);
        return count;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Fill(Span<byte> buffer)
    {
        try
        {
            return source.Read(buffer);
        }
        catch (IOException fault)
        {
            throw new CheckpointException(file, ReadFault.Describe(file, fault), fault);
        }
    }

    private void Check(ReadOnlySpan<byte> bytes)
    {
        bytes = FinishSequence(bytes);
        int tail = UnfinishedTail(bytes);
        ReadOnlySpan<byte> whole = bytes[..^tail];
        if (!Utf8.IsValid(whole))
        {
            int bad = FirstFault(whole);
            throw Fault(_position + bad, whole[bad]);
        }

        _position += bytes.Length;
        bytes[^tail..].CopyTo(_pending.AsSpan(_pendingCount));
        _pendingCount += tail;
    }

    /// <summary>Adds bytes to a sequence that an earlier read cut; what is left of them afterwards.</summary>
    private ReadOnlySpan<byte> FinishSequence(ReadOnlySpan<byte> bytes)
    {
        while (_pendingCount > 0 && !bytes.IsEmpty)
        {
            _pending[_pendingCount++] = bytes[0];
            _position++;
            bytes = bytes[1..];
            OperationStatus status = Rune.DecodeFromUtf8(_pending.AsSpan(0, _pendingCount), out _, out _);
            if (status == OperationStatus.InvalidData)
            {
                throw Fault(_position - _pendingCount, _pending[0]);
            }

            _pendingCount = status == OperationStatus.Done ? 0 : _pendingCount;
        }

        return bytes;
    }

    private static int UnfinishedTail(ReadOnlySpan<byte> bytes)
    {
        for (int tail = 1; tail < LongestSequence && tail <= bytes.Length; tail++)
        {
            if ((bytes[^tail] & 0xC0) != 0x80)
            {
                return Rune.DecodeFromUtf8(bytes[^tail..], out _, out _) == OperationStatus.NeedMoreData ? tail : 0;
            }
        }

        return 0;
    }

    private static int FirstFault(ReadOnlySpan<byte> bytes)
    {
        int position = 0;
        while (Rune.DecodeFromUtf8(bytes[position..], out _, out int used) == OperationStatus.Done)
        {
            position += used;
        }

        return position;
    }

    private CheckpointException Fault(long offset, byte value) => new(file, string.Create(
        CultureInfo.InvariantCulture,
        $"byte {offset}{whose} is 0x{value:X2}, which is not UTF-8 there: save the text as UTF-8"));
}
