namespace Hypercompress.Models.Checkpoints;

/// <summary>Reads or fills a part of the bytes of a tensor.</summary>
/// <param name="offset">Where the part starts, in bytes from the start of the tensor's data.</param>
/// <param name="bytes">The part; one that is filled is filled completely, or the call throws.</param>
internal delegate void ChunkAction(long offset, Span<byte> bytes);
