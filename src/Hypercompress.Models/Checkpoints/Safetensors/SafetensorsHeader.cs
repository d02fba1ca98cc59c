namespace Hypercompress.Models.Checkpoints.Safetensors;

/// <summary>The content of the header of a safetensors file.</summary>
/// <param name="Entries">The tensors by name.</param>
/// <param name="Metadata">The string map <c>__metadata__</c>; empty when there is none.</param>
internal sealed record SafetensorsHeader(
    IReadOnlyDictionary<string, SafetensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The reserved key of the metadata.</summary>
    public const string MetadataKey = "__metadata__";

    /// <summary>The most bytes that a header may have.</summary>
    public const long MaximumBytes = 100_000_000;
}
