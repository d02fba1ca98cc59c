using System.Collections.Immutable;

namespace Hypercompress.Models.Kernels.Matrices;

/// <summary>Matrices of equally many columns, the rows of one above those of the next.</summary>
internal sealed unsafe class StackedMatrix : PackedMatrix
{
    private readonly ImmutableArray<PackedMatrix> _parts;

    /// <summary>Takes over the parts.</summary>
    /// <param name="parts">At least one.</param>
    public StackedMatrix(ImmutableArray<PackedMatrix> parts)
        : base(parts.Sum(part => part.Rows), parts[0].Columns) => _parts = parts;

    /// <inheritdoc/>
    public override long ByteCount => _parts.Sum(part => part.ByteCount);

    /// <inheritdoc/>
    public override void ReadRow(int row, Span<float> values)
    {
        int index = 0;
        while (row >= _parts[index].Rows)
        {
            row -= _parts[index++].Rows;
        }

        _parts[index].ReadRow(row, values);
    }

    /// <inheritdoc/>
    internal override void Multiply(
        MatrixProducts products, float* x, int count, float* y, int stride, InputPrecision precision)
    {
        foreach (PackedMatrix part in _parts)
        {
            products.Multiply(x, count, part, y, stride, precision);
            y += part.Rows;
        }
    }

    /// <inheritdoc/>
    internal override bool AddLeaves(List<LeafProduct> leaves, float* y, int stride)
    {
        int before = leaves.Count;
        foreach (PackedMatrix part in _parts)
        {
            if (!part.AddLeaves(leaves, y, stride))
            {
                leaves.RemoveRange(before, leaves.Count - before);
                return false;
            }

            y += part.Rows;
        }

        return true;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (PackedMatrix part in _parts)
        {
            part.Dispose();
        }
    }
}
