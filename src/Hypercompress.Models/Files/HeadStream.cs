namespace Hypercompress.Models.Files;

/// <summary>A stream whose first bytes were looked at already; works for pipes too.</summary>
/// <param name="source">The stream; owned by this.</param>
internal sealed class HeadStream(Stream source) : ForwardStream
{
    private ReadOnlyMemory<byte> _head;

    /// <summary>Looks at the first bytes; nothing may have been read before.</summary>
    /// <param name="count">How many at most.</param>
    /// <returns>The bytes; fewer where the stream is shorter.</returns>
    public ReadOnlySpan<byte> Peek(int count)
    {
        byte[] head = new byte[count];
        _head = head.AsMemory(0, source.ReadAtLeast(head, count, throwOnEndOfStream: false));
        return _head.Span;
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (_head.IsEmpty)
        {
            return source.Read(buffer);
        }

        int count = Math.Min(buffer.Length, _head.Length);
        _head.Span[..count].CopyTo(buffer);
        _head = _head[count..];
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
}
