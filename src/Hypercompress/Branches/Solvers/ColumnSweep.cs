using System.Runtime.InteropServices;
using Hypercompress.Sites;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Hypercompress.Branches.Solvers;

/// <summary>
/// Decides the columns of a matrix one after the other, each against the errors that the columns before it left
/// (successive cancellation; GPTQ, Frantar et al., arXiv 2210.17323). With H = L Lᵀ the error tr[E H Eᵀ] is Σ_k ‖L_kk
/// (wanted_k − decided_k)‖² where wanted_k = T_k + Σ_{i&gt;k} E_i L_ik / L_kk, so that only the rounding of each column
/// remains. Rows do not interact; they pass in chunks.
/// </summary>
internal static class ColumnSweep
{
    private const int ChunkRows = 2048;

    // Inside a block columns update each other one by one, outside of it by one matrix product.
    private const int BlockColumns = 64;

    /// <summary>Sweeps a matrix.</summary>
    /// <param name="target">T, float32 [m, n].</param>
    /// <param name="sweep">H in the order of the sweep.</param>
    /// <param name="rule">Decides each column.</param>
    /// <param name="chunkRows">
    /// Rows that pass together; a rule that works along a column starts anew at every multiple.
    /// </param>
    /// <returns>The decided matrix, float32 [m, n], in the caller's scope.</returns>
    internal static Tensor Run(Tensor target, ColumnSweepFactor sweep, IColumnRule rule, int chunkRows = ChunkRows)
    {
        using var noGrad = no_grad();
        Tensor result = empty_like(target);
        SweepChunks(target, sweep, rule, chunkRows, (first, decided, order) =>
        {
            Tensor inPlace = empty_like(decided).index_copy_(0, order, decided);
            result.narrow(0, first, decided.shape[1]).copy_(inPlace.t());
        });
        return result;
    }

    /// <summary>Sweeps a matrix for what the rule keeps of it; the decided matrix itself is not put together.</summary>
    /// <param name="target">As for <see cref="Run"/>.</param>
    /// <param name="sweep">As for <see cref="Run"/>.</param>
    /// <param name="rule">As for <see cref="Run"/>.</param>
    /// <param name="chunkRows">As for <see cref="Run"/>.</param>
    internal static void Visit(Tensor target, ColumnSweepFactor sweep, IColumnRule rule, int chunkRows = ChunkRows)
    {
        using var noGrad = no_grad();
        SweepChunks(target, sweep, rule, chunkRows, (_, _, _) => { });
    }

    private static void SweepChunks(
        Tensor target,
        ColumnSweepFactor sweep,
        IColumnRule rule,
        int chunkRows,
        Action<long, Tensor, Tensor> receive)
    {
        using var scope = NewDisposeScope();
        Tensor order = tensor(sweep.Order.Select(column => (long)column).ToArray());
        for (long first = 0; first < target.shape[0]; first += chunkRows)
        {
            using var chunkScope = NewDisposeScope();
            long count = long.Min(chunkRows, target.shape[0] - first);
            Tensor wanted = target.narrow(0, first, count).t().cpu().index_select(0, order);
            receive(first, SweepChunk(wanted, (int)first, sweep, rule), order);
        }
    }

    private static Tensor SweepChunk(Tensor wanted, int firstRow, ColumnSweepFactor sweep, IColumnRule rule)
    {
        int columns = (int)wanted.shape[0];
        Tensor decided = empty_like(wanted);
        Tensor left = wanted.clone();
        for (int end = columns; end > 0; end -= BlockColumns)
        {
            using var scope = NewDisposeScope();
            int start = int.Max(0, end - BlockColumns);
            SweepBlock(wanted, left, decided, start, end, firstRow, sweep, rule);
            if (start > 0)
            {
                Tensor errors = wanted.narrow(0, start, end - start) - decided.narrow(0, start, end - start);
                Tensor scaled = sweep.Factor.narrow(0, start, end - start).narrow(1, 0, start)
                    / sweep.Factor.diagonal().narrow(0, 0, start);
                left.narrow(0, 0, start).addmm_(scaled.t(), errors);
            }
        }

        return decided;
    }

    private static void SweepBlock(
        Tensor wanted,
        Tensor left,
        Tensor decided,
        int start,
        int end,
        int firstRow,
        ColumnSweepFactor sweep,
        IColumnRule rule)
    {
        int rows = (int)wanted.shape[1];
        Span<float> targets = Values(wanted);
        Span<float> open = Values(left);
        Span<float> taken = Values(decided);
        ReadOnlySpan<float> factor = Values(sweep.Factor);
        int columns = sweep.Order.Count;
        Enter(open.Slice(start * rows, (end - start) * rows), rows, factor, start, end, firstRow, sweep, rule);
        var error = new float[rows];
        for (int k = end - 1; k >= start; k--)
        {
            Span<float> column = taken.Slice(k * rows, rows);
            rule.Decide(sweep.Order[k], firstRow, open.Slice(k * rows, rows), column);
            TensorPrimitives.Subtract(targets.Slice(k * rows, rows), column, error);
            for (int j = start; j < k; j++)
            {
                Span<float> later = open.Slice(j * rows, rows);
                float multiple = factor[(k * columns) + j] / factor[(j * columns) + j];
                TensorPrimitives.MultiplyAdd(error, multiple, later, later);
            }
        }
    }

    private static void Enter(
        ReadOnlySpan<float> open,
        int rows,
        ReadOnlySpan<float> factor,
        int start,
        int end,
        int firstRow,
        ColumnSweepFactor sweep,
        IColumnRule rule)
    {
        int count = end - start;
        var columns = new int[count];
        var weights = new float[count];
        for (int index = 0; index < count; index++)
        {
            int k = end - 1 - index;
            float diagonal = factor[(k * sweep.Order.Count) + k];
            (columns[index], weights[index]) = (sweep.Order[k], diagonal * diagonal);
        }

        rule.Enter(columns, firstRow, new ColumnBlock(open, rows, weights));
    }

    private static Span<float> Values(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
