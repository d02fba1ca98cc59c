namespace Hypercompress.Models.Checkpoints.Gguf;

/// <summary>One tensor of a GGUF file.</summary>
/// <param name="File">The open file that holds it.</param>
/// <param name="Info">Its name, type and shape.</param>
/// <param name="Type">How its elements are stored.</param>
/// <param name="Start">Where its data starts, in bytes from the start of the file.</param>
internal sealed record GgufEntry(CheckpointFile File, TensorInfo Info, StoredType Type, long Start);
