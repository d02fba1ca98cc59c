namespace Hypercompress.Models.Checkpoints.Gguf.Blocks;

/// <summary>Reads a scale.</summary>
/// <param name="bytes">Its stored bytes.</param>
/// <returns>The scale.</returns>
internal delegate float GgmlScaleReader(ReadOnlySpan<byte> bytes);
