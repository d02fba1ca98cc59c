using System.Collections.Immutable;

namespace Hypercompress.Models.Architectures;

/// <summary>The sizes and choices that make a decoder, read from a Hugging Face <c>config.json</c>.</summary>
public sealed record DecoderConfig
{
    /// <summary>How its checkpoints name their tensors.</summary>
    public required ArchitectureFamily Family { get; init; }

    /// <summary>The <c>model_type</c>, such as <c>llama</c>.</summary>
    public string ModelType => Family.ModelType;

    /// <summary>Width of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Number of decoder layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Number of query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Number of key/value heads; divides <see cref="Heads"/>.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Width of one head.</summary>
    public required int HeadDimension { get; init; }

    /// <summary>Width of the feed-forward block.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>Rows of the embedding.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>The number that norms add to the mean square or variance.</summary>
    public required double NormEpsilon { get; init; }

    /// <summary>
    /// Rotary position embedding of the layers that see all tokens; null for a model of learned positions.
    /// </summary>
    public required RopeSettings? Rope { get; init; }

    /// <summary>How each layer attends.</summary>
    public required ImmutableArray<LayerAttention> Attention { get; init; }

    /// <summary>The longest sequence, in tokens.</summary>
    public required int MaxPositions { get; init; }

    /// <summary>Whether the embedding is also the output projection.</summary>
    public bool TieEmbeddings { get; init; }

    /// <summary>Whether the query, key and value projections have biases.</summary>
    public bool AttentionBias { get; init; }

    /// <summary>Whether the output projection of the attention has a bias.</summary>
    public bool AttentionOutputBias { get; init; }

    /// <summary>Whether the feed-forward projections have biases.</summary>
    public bool MlpBias { get; init; }

    /// <summary>Nonlinearity of the feed-forward block.</summary>
    public Activation Activation { get; init; } = Activation.Silu;

    /// <summary>
    /// Whether attention and feed-forward block read the same residual stream; else the latter follows the former.
    /// </summary>
    public bool ParallelResidual { get; init; }

    /// <summary>
    /// c in c · tanh(x / c) of the scaled products of queries and keys; null when there is no such cap.
    /// </summary>
    public double? AttentionSoftCap { get; init; }

    /// <summary>c in c · tanh(x / c) of the logits; null when there is no such cap.</summary>
    public double? LogitSoftCap { get; init; }

    /// <summary>The factor of embeddings.</summary>
    public double EmbeddingScale => Family.ScalesEmbedding ? Math.Sqrt(HiddenSize) : 1;

    /// <summary>Begin-of-sequence id, when there is one.</summary>
    public int? BosTokenId { get; init; }

    /// <summary>The ids that end a sequence; may be empty.</summary>
    public ImmutableArray<int> EosTokenIds { get; init; } = [];

    /// <summary>Rows of the query projection.</summary>
    public int QueryRows => Heads * HeadDimension;

    /// <summary>Rows of the key projection, and of the value projection.</summary>
    public int KeyRows => KeyValueHeads * HeadDimension;
}
