using Hypercompress.Models.Kernels.Panels;

namespace Hypercompress.Models.Kernels.Matrices;

/// <summary>A matrix that is multiplied in one step, in any pieces of eight rows.</summary>
internal abstract unsafe class LeafMatrix : PackedMatrix
{
    /// <summary>Rows of the smallest piece of work.</summary>
    public const int UnitRows = PanelShape.Rows;

    private protected LeafMatrix(int rows, int columns)
        : base(rows, columns)
    {
    }

    /// <summary>Pieces of work.</summary>
    public virtual int Units => (Rows + UnitRows - 1) / UnitRows;

    /// <summary>Whether the inputs are needed quantized; otherwise in float32.</summary>
    public abstract bool TakesCodes { get; }

    /// <summary>
    /// The finest precision of inputs that is of use: where the values are coarser than inputs of eight bits, more bits
    /// of inputs cost time and change little.
    /// </summary>
    public virtual InputPrecision MostPrecision => InputPrecision.Word;

    /// <summary>What each number of an input is multiplied by before it is quantized; null for 1.</summary>
    public virtual float* ColumnFactors => null;

    /// <summary>Multiplies some rows.</summary>
    /// <param name="input">The inputs.</param>
    /// <param name="first">The first piece.</param>
    /// <param name="end">The piece after the last.</param>
    /// <param name="y">Result of the first input's first row.</param>
    /// <param name="stride">Numbers from one result to the next.</param>
    public abstract void MultiplyUnits(in LeafInput input, int first, int end, float* y, int stride);

    /// <inheritdoc/>
    internal sealed override void Multiply(
        MatrixProducts products, float* x, int count, float* y, int stride, InputPrecision precision) =>
        products.Multiply(x, count, this, y, stride, precision);

    /// <inheritdoc/>
    internal sealed override bool AddLeaves(List<LeafProduct> leaves, float* y, int stride)
    {
        leaves.Add(new LeafProduct(this, y, stride));
        return true;
    }
}
