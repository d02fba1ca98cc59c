namespace Hypercompress.Models.Checkpoints.Torch;

/// <summary>One entry of a zip archive that stores without compression.</summary>
/// <param name="Name">UTF-8 name.</param>
/// <param name="Length">Bytes of its content.</param>
/// <param name="HeaderAt">Where its local header starts.</param>
/// <param name="Checksum">CRC-32 of its content.</param>
internal sealed record StoredZipEntry(byte[] Name, long Length, long HeaderAt, uint Checksum);
