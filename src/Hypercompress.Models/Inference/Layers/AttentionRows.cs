using Hypercompress.Models.Inference.Numerics;

namespace Hypercompress.Models.Inference.Layers;

/// <summary>The rows of a pass that belong to one sequence, as its attention reads and writes them.</summary>
/// <param name="queries">The queries of all rows of the pass.</param>
/// <param name="keyValues">The keys and values of all rows, or their latents.</param>
/// <param name="mixed">Gets the mixed values of all rows.</param>
/// <param name="first">The first row of the sequence.</param>
/// <param name="count">Its rows.</param>
internal sealed unsafe class AttentionRows(
    PassBuffer queries, PassBuffer keyValues, PassBuffer mixed, int first, int count)
{
    /// <summary>How many rows.</summary>
    public int Count => count;

    /// <summary>The queries of a token, head after head.</summary>
    /// <param name="index">0-based token of the sequence's.</param>
    public float* Queries(int index) => queries.At(first + index);

    /// <summary>The keys of a token and after them its values, or its latent.</summary>
    /// <param name="index">0-based token of the sequence's.</param>
    public float* KeyValues(int index) => keyValues.At(first + index);

    /// <summary>Where the mixed values of a token go, head after head.</summary>
    /// <param name="index">0-based token of the sequence's.</param>
    public float* Mixed(int index) => mixed.At(first + index);
}
