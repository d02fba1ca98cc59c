using System.Collections.Immutable;

namespace Hypercompress.Models.Kernels.Matrices;

/// <summary>A + B + ….</summary>
internal sealed unsafe class SumMatrix : PackedMatrix
{
    private readonly ImmutableArray<PackedMatrix> _parts;

    /// <summary>Takes over the parts.</summary>
    /// <param name="parts">At least one, all of one shape.</param>
    public SumMatrix(ImmutableArray<PackedMatrix> parts)
        : base(parts[0].Rows, parts[0].Columns) => _parts = parts;

    /// <inheritdoc/>
    public override long ByteCount => _parts.Sum(part => part.ByteCount);

    /// <inheritdoc/>
    public override void ReadRow(int row, Span<float> values)
    {
        _parts[0].ReadRow(row, values);
        var other = new float[Columns];
        foreach (PackedMatrix part in _parts.Skip(1))
        {
            part.ReadRow(row, other);
            for (int i = 0; i < other.Length; i++)
            {
                values[i] += other[i];
            }
        }
    }

    /// <inheritdoc/>
    internal override void Multiply(
        MatrixProducts products, float* x, int count, float* y, int stride, InputPrecision precision)
    {
        products.Multiply(x, count, _parts[0], y, stride, precision);
        using AlignedMemory other = AlignedMemory.Of<float>((long)count * Rows);
        foreach (PackedMatrix part in _parts.Skip(1))
        {
            products.Multiply(x, count, part, other.As<float>(), Rows, precision);
            for (int i = 0; i < count; i++)
            {
                float* sum = y + ((long)i * stride);
                float* term = other.As<float>() + ((long)i * Rows);
                for (int row = 0; row < Rows; row++)
                {
                    sum[row] += term[row];
                }
            }
        }
    }

    /// <inheritdoc/>
    internal override bool AddLeaves(List<LeafProduct> leaves, float* y, int stride) => false;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (PackedMatrix part in _parts)
        {
            part.Dispose();
        }
    }
}
