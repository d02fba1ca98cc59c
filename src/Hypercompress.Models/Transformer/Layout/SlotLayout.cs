using System.Collections.Immutable;
using Hypercompress.Models.Transformer.Weights;

namespace Hypercompress.Models.Transformer.Layout;

/// <summary>Name, shape and origin of one weight matrix of a decoder, known before any weight is read.</summary>
/// <param name="Name">Name of the <see cref="WeightSlot"/>.</param>
/// <param name="Kind">What the matrix does.</param>
/// <param name="Layer">0-based decoder layer, or null outside the layers.</param>
/// <param name="Rows">Output features.</param>
/// <param name="Columns">Input features.</param>
/// <param name="Parts">The checkpoint's tensors, stacked in this order along the rows.</param>
public sealed record SlotLayout(
    string Name, WeightSlotKind Kind, int? Layer, long Rows, long Columns, ImmutableArray<LayoutPart> Parts);
