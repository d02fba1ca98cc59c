using Hypercompress.Models.Architectures;
using Hypercompress.Models.Inference.Attention;
using Hypercompress.Models.Kernels.Matrices;

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

    /// <summary>
    /// The two factors of <see cref="KeyValue"/> where it passes through a latent that is narrower than keys and
    /// values, so that the latent is what is remembered; else null.
    /// </summary>
    public ProductMatrix? KeyValueFactors =>
        KeyValue.Matrix is ProductMatrix product && product.First.Rows < product.Rows ? product : null;

    /// <summary>Makes keys of what their projection gives, and values.</summary>
    /// <param name="config">Sizes and choices.</param>
    /// <param name="keys">The keys, and after them the values.</param>
    /// <param name="rotation">The rotations; null for none.</param>
    /// <param name="place">Place of the position there.</param>
    public unsafe void PrepareKeys(DecoderConfig config, float* keys, RotationTable? rotation, int place)
    {
        KeyValue.AddBias(keys);
        KeyNorm?.ApplyEach(keys, config.KeyRows);
        rotation?.Rotate(place, keys, config.KeyValueHeads, config.HeadDimension);
    }

    /// <summary>All matrices.</summary>
    public IEnumerable<PackedLinear> Linears =>
        new[] { Query, KeyValue, Output, Gate, Up, Down }.OfType<PackedLinear>();
}
