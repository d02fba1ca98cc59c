using Hypercompress.Models.Transformer.Weights;

namespace Hypercompress.Sites;

/// <summary>A matrix of the model that can be compressed, by name.</summary>
/// <param name="Name">Name of the weight slot.</param>
/// <param name="Kind">Role of the matrix.</param>
/// <param name="Layer">0-based decoder layer, or null outside the layers.</param>
/// <param name="Rows">Rows of the matrix.</param>
/// <param name="Columns">Columns of the matrix.</param>
public sealed record Site(string Name, WeightSlotKind Kind, int? Layer, long Rows, long Columns)
{
    /// <summary>Elements of the matrix.</summary>
    public long ElementCount => Rows * Columns;

    /// <summary>The site of a weight matrix.</summary>
    /// <param name="slot">The slot of the matrix.</param>
    /// <returns>The site.</returns>
    public static Site Of(WeightSlot slot)
    {
        ArgumentNullException.ThrowIfNull(slot);
        return new Site(slot.Name, slot.Kind, slot.Layer, slot.Matrix.Rows, slot.Matrix.Columns);
    }
}
