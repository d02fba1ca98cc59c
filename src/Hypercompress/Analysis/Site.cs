using Hypercompress.Models.Transformer;

namespace Hypercompress.Analysis;

/// <summary>A named place that can be compressed.</summary>
/// <param name="Name">Name of the weight slot.</param>
/// <param name="Kind">What the matrix does.</param>
/// <param name="Layer">0-based decoder layer, or null outside the layers.</param>
/// <param name="Rows">Rows of the matrix.</param>
/// <param name="Columns">Columns of the matrix.</param>
public sealed record Site(string Name, WeightSlotKind Kind, int? Layer, long Rows, long Columns)
{
    /// <summary>Elements of the matrix.</summary>
    public long ElementCount => Rows * Columns;
}
