namespace Hypercompress.Models.Architectures;

/// <summary>Roles of a checkpoint's tensors, whatever the checkpoint calls them.</summary>
public enum TensorRole
{
    /// <summary>Token embedding.</summary>
    Embedding,

    /// <summary>Learned vector of each position, added to the token embedding.</summary>
    Positions,

    /// <summary>Norm in front of the attention.</summary>
    AttentionNorm,

    /// <summary>Query projection.</summary>
    Query,

    /// <summary>Norm of the queries, before they are rotated.</summary>
    QueryNorm,

    /// <summary>Key projection.</summary>
    Key,

    /// <summary>Norm of the keys, before they are rotated.</summary>
    KeyNorm,

    /// <summary>Value projection.</summary>
    Value,

    /// <summary>Output projection of the attention.</summary>
    AttentionOutput,

    /// <summary>Norm of what the attention adds to the residual stream.</summary>
    AttentionPostNorm,

    /// <summary>Norm in front of the feed-forward block.</summary>
    MlpNorm,

    /// <summary>Gate projection of the feed-forward block.</summary>
    Gate,

    /// <summary>Up projection of the feed-forward block.</summary>
    Up,

    /// <summary>Down projection of the feed-forward block.</summary>
    Down,

    /// <summary>Norm of what the feed-forward block adds to the residual stream.</summary>
    MlpPostNorm,

    /// <summary>Norm after the last layer.</summary>
    FinalNorm,

    /// <summary>Output projection to logits.</summary>
    Head,
}
