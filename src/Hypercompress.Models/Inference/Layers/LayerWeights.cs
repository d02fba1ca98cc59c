namespace Hypercompress.Models.Inference.Layers;

/// <summary>What one decoder layer is made of.</summary>
internal sealed record LayerWeights
{
    /// <summary>The query projection.</summary>
    public required PackedLinear Query { get; init; }

    /// <summary>Rows of keys above rows of values.</summary>
    public required PackedLinear KeyValue { get; init; }

    /// <summary>The output projection of the attention.</summary>
    public required PackedLinear Output { get; init; }

    /// <summary>The gate, or null.</summary>
    public required PackedLinear? Gate { get; init; }

    /// <summary>The widening projection.</summary>
    public required PackedLinear Up { get; init; }

    /// <summary>The narrowing projection.</summary>
    public required PackedLinear Down { get; init; }

    /// <summary>Norm of what attention reads, or null.</summary>
    public required VectorNorm? AttentionNorm { get; init; }

    /// <summary>Norm of what attention makes, or null.</summary>
    public required VectorNorm? AttentionPostNorm { get; init; }

    /// <summary>Norm of what the feed-forward block reads, or null.</summary>
    public required VectorNorm? MlpNorm { get; init; }

    /// <summary>Norm of what the feed-forward block makes, or null.</summary>
    public required VectorNorm? MlpPostNorm { get; init; }

    /// <summary>Norm of queries, of a head or of all heads, or null.</summary>
    public required VectorNorm? QueryNorm { get; init; }

    /// <summary>Norm of keys, of a head or of all heads, or null.</summary>
    public required VectorNorm? KeyNorm { get; init; }

    /// <summary>All matrices.</summary>
    public IEnumerable<PackedLinear> Linears =>
        new[] { Query, KeyValue, Output, Gate, Up, Down }.OfType<PackedLinear>();
}
