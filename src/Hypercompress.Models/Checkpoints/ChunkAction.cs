namespace Hypercompress.Models.Checkpoints;

/// <summary>Fills a span with the bytes of one tensor's data.</summary>
/// <param name="offset">Where to start, in bytes from the start of that tensor's data.</param>
/// <param name="destination">Filled completely, or the call throws.</param>
internal delegate void ByteReader(long offset, Span<byte> destination);
