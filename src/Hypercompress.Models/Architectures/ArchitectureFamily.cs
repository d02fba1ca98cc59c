using System.Collections.Immutable;

namespace Hypercompress.Models.Architectures;

/// <summary>A family of decoders, as data: what its files call things, and how its layers are built.</summary>
/// <param name="ModelType">The <c>model_type</c> of its Hugging Face configuration.</param>
/// <param name="ModelClass">The class that Hugging Face transformers runs it with.</param>
/// <param name="GgufArchitecture">
/// The <c>general.architecture</c> of its GGUF files; null when it has none of its own.
/// </param>
/// <param name="HuggingFaceKeys">Names in Hugging Face checkpoints.</param>
/// <param name="GgufKeys">Names in GGUF files.</param>
public sealed record ArchitectureFamily(
    string ModelType,
    string ModelClass,
    string? GgufArchitecture,
    KeyMap HuggingFaceKeys,
    KeyMap GgufKeys)
{
    /// <summary>The keys of its configuration, with defaults.</summary>
    public ConfigKeys Config { get; init; } = new();

    /// <summary>How it normalises.</summary>
    public NormKind Norm { get; init; } = NormKind.Rms;

    /// <summary>
    /// Whether norms of queries and keys take all heads together; else each head has its own mean square.
    /// </summary>
    public bool NormalizesWholeRows { get; init; }

    /// <summary>Whether embeddings are multiplied by the root of the hidden size.</summary>
    public bool ScalesEmbedding { get; init; }

    /// <summary>
    /// Number of layers of the one model of the family whose <see cref="ConfigKeys.QueryScalar"/> is the hidden size a
    /// head instead of the width of a head: GGUF files do not say it, and llama.cpp infers it from this number.
    /// </summary>
    public int WideQueryLayers { get; init; }

    /// <summary>The keys of its GGUF files beyond the sizes that all have.</summary>
    public ImmutableArray<GgufKey> GgufMetadata { get; init; } = [];
}
