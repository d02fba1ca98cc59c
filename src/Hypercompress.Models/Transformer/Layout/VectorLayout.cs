using System.Collections.Immutable;

namespace Hypercompress.Models.Transformer.Layout;

/// <summary>Name, length and origin of one norm weight or bias of a decoder, or of its learned positions.</summary>
/// <param name="Name">
/// Name such as <c>model.norm.weight</c>; the stacked pair is <c>model.layers.3.self_attn.kv_proj.bias</c>.
/// </param>
/// <param name="Length">Number of values.</param>
/// <param name="Parts">The checkpoint's tensors, one after the other.</param>
public sealed record VectorLayout(string Name, long Length, ImmutableArray<LayoutPart> Parts)
{
    /// <summary>
    /// Columns of the checkpoint's tensors when these are matrices, whose rows follow each other here; else 0.
    /// </summary>
    public long Columns { get; init; }
}
