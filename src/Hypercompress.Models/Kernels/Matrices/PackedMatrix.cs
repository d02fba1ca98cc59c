namespace Hypercompress.Models.Kernels.Matrices;

/// <summary>
/// A matrix in memory as it is multiplied without libtorch: codes, 16-bit numbers, or several matrices that make one.
/// Never changed once it is made; may be used from several threads.
/// </summary>
public abstract unsafe class PackedMatrix : IDisposable
{
    private protected PackedMatrix(int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        (Rows, Columns) = (rows, columns);
    }

    /// <summary>Output features of a linear layer; vocabulary size of an embedding.</summary>
    public int Rows { get; }

    /// <summary>Input features of a linear layer; width of an embedding.</summary>
    public int Columns { get; }

    /// <summary>Bytes that are read when a vector is multiplied.</summary>
    public abstract long ByteCount { get; }

    /// <summary>Writes one row in float32.</summary>
    /// <param name="row">0-based row.</param>
    /// <param name="values">Gets <see cref="Columns"/> numbers.</param>
    public abstract void ReadRow(int row, Span<float> values);

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the memory.</summary>
    /// <param name="disposing">True when called from <see cref="Dispose()"/>.</param>
    protected abstract void Dispose(bool disposing);

    /// <summary>Multiplies vectors by this matrix alone, apart from others that read the same vectors.</summary>
    /// <param name="products">Does the parts.</param>
    /// <param name="x">The vectors, one after the other.</param>
    /// <param name="count">How many.</param>
    /// <param name="y">Gets <see cref="Rows"/> numbers a vector.</param>
    /// <param name="stride">Numbers from one result to the next.</param>
    /// <param name="precision">How exactly the vectors are taken.</param>
    internal abstract void Multiply(
        MatrixProducts products, float* x, int count, float* y, int stride, InputPrecision precision);

    /// <summary>Adds the leaf matrices that this one is stacked from, to be multiplied beside others.</summary>
    /// <param name="leaves">What is added to.</param>
    /// <param name="y">The result of this matrix.</param>
    /// <param name="stride">Numbers from one result to the next.</param>
    /// <returns>False when the matrix is neither a leaf nor a stack of leaves.</returns>
    internal abstract bool AddLeaves(List<LeafProduct> leaves, float* y, int stride);
}
