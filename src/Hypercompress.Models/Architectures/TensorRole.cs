namespace Hypercompress.Models.Architectures;

/// <summary>What a tensor of a checkpoint is for, whatever the checkpoint calls it.</summary>
public enum TensorRole
{
    /// <summary>Token embedding.</summary>
    Embedding,

    /// <summary>Norm in front of the attention.</summary>
    AttentionNorm,

    /// <summary>Query projection.</summary>
    Query,

    /// <summary>Key projection.</summary>
    Key,

    /// <summary>Value projection.</summary>
    Value,

    /// <summary>Output projection of the attention.</summary>
    AttentionOutput,

    /// <summary>Norm in front of the feed-forward block.</summary>
    MlpNorm,

    /// <summary>Gate projection of the feed-forward block.</summary>
    Gate,

    /// <summary>Up projection of the feed-forward block.</summary>
    Up,

    /// <summary>Down projection of the feed-forward block.</summary>
    Down,

    /// <summary>Norm after the last layer.</summary>
    FinalNorm,

    /// <summary>Output projection to logits.</summary>
    Head,
}
