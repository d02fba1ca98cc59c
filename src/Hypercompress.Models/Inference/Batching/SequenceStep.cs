using Hypercompress.Models.Inference.Layers;
using Hypercompress.Models.Inference.Numerics;

namespace Hypercompress.Models.Inference.Batching;

/// <summary>A few tokens of one sequence, to be computed beside those of others.</summary>
/// <param name="owner">The sequence.</param>
/// <param name="part">The tokens.</param>
/// <param name="logits">Gets logits; has room for them.</param>
/// <param name="wanted">After how many of the last tokens logits are wanted, at least 1.</param>
internal sealed class SequenceStep(object owner, PassPart part, PassBuffer logits, int wanted)
{
    /// <summary>The sequence.</summary>
    public object Owner => owner;

    /// <summary>The tokens.</summary>
    public PassPart Part => part;

    /// <summary>Gets a vocabulary of logits for each of the last tokens.</summary>
    public PassBuffer Logits => logits;

    /// <summary>After how many of the last tokens logits are wanted.</summary>
    public int Wanted => wanted;

    /// <summary>Whether it is computed, or has failed.</summary>
    public bool IsDone { get; set; }
}
