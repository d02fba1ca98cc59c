using Hypercompress.Models.Architectures;
using Hypercompress.Models.Checkpoints;

namespace Hypercompress.Models.Transformer.Reading;

/// <summary>Finds the tensors of a decoder in a checkpoint with Hugging Face names.</summary>
/// <param name="keys">What the family calls them.</param>
/// <param name="source">The checkpoint.</param>
internal sealed class TensorFinder(KeyMap keys, ITensorSource source)
{
    /// <summary>A tensor by its full name, or by its name in a checkpoint of the bare decoder.</summary>
    /// <param name="name">The full name.</param>
    /// <returns>What is stored, or null when it is absent.</returns>
    public TensorInfo? Find(string name) => source.Tensors.GetValueOrDefault(name)
        ?? (keys.BareName(name) is { } bare ? source.Tensors.GetValueOrDefault(bare) : null);

    /// <summary>The embedding, by its own name.</summary>
    public TensorInfo? Embedding => Find(keys.WeightName(TensorRole.Embedding, null));

    /// <summary>The output projection, by its own name.</summary>
    public TensorInfo? Head => Find(keys.WeightName(TensorRole.Head, null));
}
