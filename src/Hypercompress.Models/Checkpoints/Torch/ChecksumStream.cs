using System.IO.Hashing;

namespace Hypercompress.Models.Checkpoints.Torch;

/// <summary>Passes bytes on and keeps their checksum.</summary>
/// <param name="target">Where the bytes go; not disposed.</param>
internal sealed class ChecksumStream(Stream target) : Stream
{
    private readonly Crc32 _crc = new();

    /// <summary>CRC-32 of what was written.</summary>
    public uint Checksum => _crc.GetCurrentHashAsUInt32();

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Flush() => target.Flush();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _crc.Append(buffer);
        target.Write(buffer);
    }
}
