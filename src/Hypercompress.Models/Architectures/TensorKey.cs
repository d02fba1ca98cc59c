using System.Collections.Immutable;

namespace Hypercompress.Models.Architectures;

/// <summary>The name of one tensor in a format, and its parts.</summary>
/// <param name="Pattern">
/// Module name without the ending <c>.weight</c> or <c>.bias</c>; <c>{layer}</c> stands for the layer.
/// </param>
/// <param name="Roles">What it holds; more than one when projections are fused.</param>
public sealed record TensorKey(string Pattern, params ImmutableArray<TensorRole> Roles)
{
    /// <summary>How the rows are arranged.</summary>
    public RowOrder Order { get; init; } = RowOrder.Stacked;

    /// <summary>Whether the weight is stored as [in, out]; biases are not affected.</summary>
    public bool IsTransposed { get; init; }

    /// <summary>The number that was added to the values before they were stored; 0 unless stated.</summary>
    public double Added { get; init; }
}
