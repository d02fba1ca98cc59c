using Hypercompress.Models.Kernels.Panels;

namespace Hypercompress.Models.Kernels.Matrices;

/// <summary>
/// Multiplies vectors by matrices on all threads of a pool. Matrices that read the same vectors share their quantized
/// form, and are multiplied in one run of the pool. Belongs to one caller at a time.
/// </summary>
/// <param name="pool">The threads.</param>
/// <param name="isRepeatable">
/// Whether a vector gives the same bits beside any number of others; without it large products are faster.
/// </param>
internal sealed unsafe class MatrixProducts(WorkerPool pool, bool isRepeatable = false) : IDisposable
{
    // Fewer vectors are quantized faster by one thread than others can be told to help.
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
    /// <param name="precision">How exactly the vectors are taken.</param>
    public void Multiply(
        float* x, int count, PackedMatrix matrix, float* y, int stride, InputPrecision precision) =>
        Multiply(x, count, [new MatrixProduct(matrix, y, stride)], precision);

    /// <summary>Multiplies by several matrices of equally many columns.</summary>
    /// <param name="x">The vectors, one after the other.</param>
    /// <param name="count">How many.</param>
    /// <param name="wanted">The matrices and where their results go.</param>
    /// <param name="precision">How exactly the vectors are taken.</param>
    public void Multiply(float* x, int count, ReadOnlySpan<MatrixProduct> wanted, InputPrecision precision)
    {
        List<LeafProduct> leaves = [];
        foreach (MatrixProduct product in wanted)
        {
            if (!product.Matrix.AddLeaves(leaves, product.Y, product.Stride))
            {
                product.Matrix.Multiply(this, x, count, product.Y, product.Stride, precision);
            }
        }

        if (leaves.Count > 0)
        {
            Multiply(x, count, leaves, precision);
        }
    }

    /// <summary>Frees what was taken for the largest product so far.</summary>
    public void Release()
    {
        _inputs.ForEach(input => input.Dispose());
        _inputs.Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => Release();

    private void Multiply(float* x, int count, List<LeafProduct> leaves, InputPrecision precision)
    {
        LeafInput[] inputs = Prepare(x, count, leaves, precision);
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

    private LeafInput[] Prepare(float* x, int count, List<LeafProduct> leaves, InputPrecision precision)
    {
        var inputs = new LeafInput[leaves.Count];
        int used = 0;
        for (int i = 0; i < inputs.Length; i++)
        {
            LeafMatrix matrix = leaves[i].Matrix;
            if (!matrix.TakesCodes)
            {
                inputs[i] = new LeafInput(x, null, count, isRepeatable);
            }
            else if (Shared(leaves, inputs, i) is { } made)
            {
                inputs[i] = inputs[made];
            }
            else
            {
                QuantizedInput codes = Take(used++);
                codes.Resize(count, matrix.Columns, IsWord(precision) && IsWord(matrix.MostPrecision));
                Quantize(codes, x, matrix);
                inputs[i] = new LeafInput(x, codes, count, isRepeatable);
            }
        }

        return inputs;
    }

    private static bool IsWord(InputPrecision precision) => precision == InputPrecision.Word;

    private static int? Shared(List<LeafProduct> leaves, LeafInput[] inputs, int index)
    {
        for (int i = 0; i < index; i++)
        {
            if (inputs[i].Codes is not null && leaves[i].Matrix.ColumnFactors == leaves[index].Matrix.ColumnFactors)
            {
                return i;
            }
        }

        return null;
    }

    private QuantizedInput Take(int place)
    {
        if (place == _inputs.Count)
        {
            _inputs.Add(new QuantizedInput());
        }

        return _inputs[place];
    }

    private void Quantize(QuantizedInput codes, float* x, LeafMatrix matrix)
    {
        int columns = matrix.Columns;
        float* factors = matrix.ColumnFactors;
        pool.Run(codes.Count, FewVectors, (first, end) =>
        {
            for (int i = first; i < end; i++)
            {
                codes.Set(i, x + ((long)i * columns), factors, columns);
            }
        });
    }
}
