namespace Hypercompress.Models.Checkpoints.Gguf;

/// <summary>The head of a GGUF file: all that is before its data.</summary>
/// <param name="Version">2 or 3.</param>
/// <param name="Metadata">The key-value pairs.</param>
/// <param name="Entries">The tensors by name.</param>
internal sealed record GgufHead(int Version, GgufMetadata Metadata, IReadOnlyDictionary<string, GgufEntry> Entries);
