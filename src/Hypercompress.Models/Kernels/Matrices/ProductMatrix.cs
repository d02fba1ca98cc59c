namespace Hypercompress.Models.Kernels.Matrices;

/// <summary>Second · First: two small products in place of a large one.</summary>
/// <param name="second">[rows, rank]; owned.</param>
/// <param name="first">[rank, columns]; owned if <paramref name="ownsFirst"/>.</param>
/// <param name="ownsFirst">Whether the first factor is freed with this matrix.</param>
internal sealed unsafe class ProductMatrix(PackedMatrix second, PackedMatrix first, bool ownsFirst)
    : PackedMatrix(second.Rows, first.Columns)
{
    /// <summary>[rows, rank].</summary>
    public PackedMatrix Second => second;

    /// <summary>[rank, columns].</summary>
    public PackedMatrix First => first;

    /// <inheritdoc/>
    public override long ByteCount => second.ByteCount + first.ByteCount;

    /// <inheritdoc/>
    public override void ReadRow(int row, Span<float> values)
    {
        var weights = new float[first.Rows];
        second.ReadRow(row, weights);
        values[..Columns].Clear();
        var other = new float[Columns];
        for (int k = 0; k < weights.Length; k++)
        {
            first.ReadRow(k, other);
            for (int i = 0; i < other.Length; i++)
            {
                values[i] += weights[k] * other[i];
            }
        }
    }

    /// <inheritdoc/>
    internal override void Multiply(
        MatrixProducts products, float* x, int count, float* y, int stride, InputPrecision precision)
    {
        using AlignedMemory latent = AlignedMemory.Of<float>((long)count * first.Rows);
        products.Multiply(x, count, first, latent.As<float>(), first.Rows, precision);
        products.Multiply(latent.As<float>(), count, second, y, stride, precision);
    }

    /// <inheritdoc/>
    internal override bool AddLeaves(List<LeafProduct> leaves, float* y, int stride) => false;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        second.Dispose();
        if (ownsFirst)
        {
            first.Dispose();
        }
    }
}
