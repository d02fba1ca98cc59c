namespace Hypercompress.Models.Transformer.Weights;

/// <summary>A named slot of a decoder: it holds one weight matrix and keeps working whatever its form is.</summary>
public sealed class WeightSlot
{
    /// <summary>Creates the slot.</summary>
    /// <param name="name">
    /// Its name, such as <c>model.layers.3.mlp.up_proj</c>; the stacked pair is
    /// <c>model.layers.3.self_attn.kv_proj</c>.
    /// </param>
    /// <param name="kind">What the matrix does.</param>
    /// <param name="layer">0-based decoder layer, or null outside the layers.</param>
    /// <param name="matrix">The matrix; owned by the slot from here on.</param>
    public WeightSlot(string name, WeightSlotKind kind, int? layer, WeightMatrix matrix) =>
        (Name, Kind, Layer, Matrix) = (name, kind, layer, matrix);

    /// <summary>The name of the slot.</summary>
    public string Name { get; }

    /// <summary>The role of the matrix.</summary>
    public WeightSlotKind Kind { get; }

    /// <summary>0-based decoder layer, or null outside the layers.</summary>
    public int? Layer { get; }

    /// <summary>The matrix that the slot holds.</summary>
    public WeightMatrix Matrix { get; private set; }

    /// <summary>Puts another form of the matrix here. Only surgery calls this.</summary>
    /// <param name="matrix">Same shape; owned by the slot from here on.</param>
    /// <returns>The matrix that it held before; the caller owns it now.</returns>
    /// <exception cref="ArgumentException">The shape differs.</exception>
    public WeightMatrix Exchange(WeightMatrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        if (matrix.Rows != Matrix.Rows || matrix.Columns != Matrix.Columns)
        {
            throw new ArgumentException(
                $"{Name} is [{Matrix.Rows}, {Matrix.Columns}], the replacement is [{matrix.Rows}, {matrix.Columns}]",
                nameof(matrix));
        }

        WeightMatrix before = Matrix;
        Matrix = matrix;
        return before;
    }
}
