using Hypercompress.Models.Kernels.Panels;

namespace Hypercompress.Models.Kernels.Matrices;

/// <summary>
/// Multiplies vectors by matrices on all threads of a pool. Matrices that read the same vectors share what is made of
/// them, and one piece of work. Belongs to one caller at a time.
/// </summary>
/// <param name="pool">The threads.</param>
internal sealed unsafe class MatrixProducts(WorkerPool pool) : IDisposable
{
    // Below this the vectors are prepared faster than a thread is told to help.
    private const int FewVectors = 4;
    private const int PiecesPerThread = 4;

    private readonly List<QuantizedInput> _inputs = [];

    /// <summary>The threads.</summary>
    public WorkerPool Pool => pool;

    /// <summary>Multiplies by one matrix.</summary>
    /// <param name="x">The vectors, one after the other.</param>
    /// <param name="count">How many.</param>
    /// <param name="matrix">The matrix.</param>
    /// <param name="y">Gets the results.</param>
    /// <param name="stride">Numbers from one result to the next.</param>
    public void Multiply(float* x, int count, PackedMatrix matrix, float* y, int stride) =>
        Multiply(x, count, [new MatrixProduct(matrix, y, stride)]);

    /// <summary>Multiplies by several matrices of equally many columns.</summary>
    /// <param name="x">The vectors, one after the other.</param>
    /// <param name="count">How many.</param>
    /// <param name="wanted">The matrices and where their results go.</param>
    public void Multiply(float* x, int count, ReadOnlySpan<MatrixProduct> wanted)
    {
        List<LeafProduct> leaves = [];
        foreach (MatrixProduct product in wanted)
        {
            if (!product.Matrix.AddLeaves(leaves, product.Y, product.Stride))
            {
                product.Matrix.Multiply(this, x, count, product.Y, product.Stride);
            }
        }

        if (leaves.Count > 0)
        {
            Multiply(x, count, leaves);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _inputs.ForEach(input => input.Dispose());

    private void Multiply(float* x, int count, List<LeafProduct> leaves)
    {
        LeafInput[] inputs = Prepare(x, count, leaves);
        int units = leaves.Sum(leaf => leaf.Matrix.Units);
        int grain = int.Max(1, units / (pool.Threads * PiecesPerThread));
        pool.Run(units, grain, (first, end) =>
        {
            int start = 0;
            for (int i = 0; i < inputs.Length && start < end; i++)
            {
                LeafMatrix matrix = leaves[i].Matrix;
                (int from, int to) = (int.Max(first - start, 0), int.Min(end - start, matrix.Units));
                if (from < to)
                {
                    matrix.MultiplyUnits(inputs[i], from, to, leaves[i].Y, leaves[i].Stride);
                }

                start += matrix.Units;
            }
        });
    }

    private LeafInput[] Prepare(float* x, int count, List<LeafProduct> leaves)
    {
        var inputs = new LeafInput[leaves.Count];
        int used = 0;
        for (int i = 0; i < inputs.Length; i++)
        {
            LeafMatrix matrix = leaves[i].Matrix;
            inputs[i] = !matrix.TakesCodes ? new LeafInput(x, null, count)
                : Shared(leaves, inputs, i) is { } shared ? new LeafInput(x, shared, count)
                : new LeafInput(x, Quantize(used++, x, count, matrix), count);
        }

        return inputs;
    }

    private static QuantizedInput? Shared(List<LeafProduct> leaves, LeafInput[] inputs, int index)
    {
        for (int i = 0; i < index; i++)
        {
            if (inputs[i].Codes is { } made && leaves[i].Matrix.ColumnFactors == leaves[index].Matrix.ColumnFactors)
            {
                return made;
            }
        }

        return null;
    }

    private QuantizedInput Quantize(int place, float* x, int count, LeafMatrix matrix)
    {
        if (place == _inputs.Count)
        {
            _inputs.Add(new QuantizedInput());
        }

        QuantizedInput input = _inputs[place];
        int columns = matrix.Columns;
        float* factors = matrix.ColumnFactors;
        input.Resize(count, columns);
        pool.Run(count, FewVectors, (first, end) =>
        {
            for (int i = first; i < end; i++)
            {
                input.Set(i, x + ((long)i * columns), factors, columns);
            }
        });
        return input;
    }
}
