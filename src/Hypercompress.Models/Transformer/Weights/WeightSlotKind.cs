namespace Hypercompress.Models.Transformer.Weights;

/// <summary>Roles of weight matrices in the decoder.</summary>
public enum WeightSlotKind
{
    /// <summary>A linear layer: y = x Wᵀ + b.</summary>
    Linear,

    /// <summary>
    /// Keys stacked over values of one layer, [2 · kv_heads · head_dim, hidden]: what the cache is filled from.
    /// </summary>
    KeyValue,

    /// <summary>The token embedding [vocabulary, hidden]; with a tied head it is also the output projection.</summary>
    Embedding,

    /// <summary>An output projection of its own (untied): a linear layer whose outputs are logits.</summary>
    Head,
}
