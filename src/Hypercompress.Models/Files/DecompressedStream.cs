using Hypercompress.Models.Errors;
using ICSharpCode.SharpZipLib.GZip;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Hypercompress.Models.Files;

/// <summary>
/// The content of a gzip or Zstandard file. It ends with an error where it grows beyond what text can, so that a small
/// file cannot fill the memory, and where it is cut short, which the platform's own gzip stream takes for the end.
/// </summary>
internal sealed class DecompressedStream : ForwardStream
{
    // English text shrinks to a quarter, very regular tables to a fiftieth.
    private const int MaxRatio = 100;
    private const long AlwaysAllowed = 8 << 20;
    private const long BaseWindow = 32 << 20;

    private readonly Stream _raw;
    private readonly Stream _content;
    private readonly string _file;
    private readonly string _kind;
    private readonly long _limit;
    private long _position;

    /// <summary>Starts to read.</summary>
    /// <param name="raw">The compressed bytes, from their beginning; owned by this from here on.</param>
    /// <param name="kind"><see cref="FileSignature.Gzip"/> or <see cref="FileSignature.Zstandard"/>.</param>
    /// <param name="length">How many compressed bytes there are.</param>
    /// <param name="file">Its path, for messages.</param>
    public DecompressedStream(Stream raw, FileSignature kind, long length, string file)
    {
        (_raw, _file, _kind) = (raw, file, kind.Description);
        _limit = Math.Max(AlwaysAllowed, length * MaxRatio);
        _content = kind == FileSignature.Gzip ? new GZipInputStream(raw) : Zstandard(raw, length);
    }

    /// <inheritdoc/>
    /// <exception cref="CheckpointException">The data is damaged, cut short, or grows too large.</exception>
    public override int Read(Span<byte> buffer)
    {
        int count;
        try
        {
            // On damaged data the libraries throw what their tables happen to run into.
            count = _content.Read(buffer);
        }
        catch (Exception fault) when (
            fault is not (CheckpointException or OutOfMemoryException or UnauthorizedAccessException))
        {
            throw new CheckpointException(_file, $"is damaged {_kind}: {fault.Message}; fetch it again", fault);
        }

        _position += count;
        return _position <= _limit
            ? count
            : throw new CheckpointException(
                _file, $"grows to more than {_limit} bytes, {MaxRatio} times its size; unpack it first if it is right");
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content.Dispose();
            _raw.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>A frame names the memory that it needs; it gets what is in proportion to the file.</summary>
    private static DecompressionStream Zstandard(Stream raw, long length)
    {
        var stream = new DecompressionStream(raw, leaveOpen: true);
        long window = Math.Min(BaseWindow + (4 * length), 1L << 31);
        stream.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, (int)Math.Log2(window));
        return stream;
    }
}
