using Hypercompress.Models.Errors;
using static TorchSharp.torch;

namespace Hypercompress.Sites;

/// <summary>
/// A second moment prepared for successive cancellation: with the columns in <see cref="Order"/>, H = L Lᵀ, so that
/// tr[E H Eᵀ] is the sum over k of ‖E_k L_kk + Σ_{i&gt;k} E_i L_ik‖². Columns are decided from the last to the first;
/// each takes up what those before it left over.
/// </summary>
/// <remarks>
/// The same sweep as GPTQ's (Frantar et al., arXiv 2210.17323) without an inverse, as in WaterSIC (arXiv 2603.04956).
/// The order is ascending in H_jj: the columns with the largest inputs are decided first, while all others can still
/// make up for them.
/// </remarks>
public sealed class ColumnSweepFactor : IDisposable
{
    private ColumnSweepFactor(int[] order, Tensor factor) => (Order, Factor) = (order, factor);

    /// <summary>The original column at each position, n of them.</summary>
    public IReadOnlyList<int> Order { get; }

    /// <summary>
    /// L, float32 [n, n], lower triangular, rows and columns in <see cref="Order"/>; owned by this object.
    /// </summary>
    public Tensor Factor { get; }

    /// <summary>Factorizes a moment.</summary>
    /// <param name="moment">The moment.</param>
    /// <param name="block">Columns that stay together, counted from the first one; 1 for none.</param>
    /// <param name="part">Columns of a block that stay together; 1 for none.</param>
    /// <returns>A factor that the caller disposes.</returns>
    /// <exception cref="Models.Errors.NumericalException">No amount of damping makes it positive definite.</exception>
    internal static ColumnSweepFactor Of(InputMoment moment, int block = 1, int part = 1)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        long[] columns = Ascending(moment.Moment.diagonal().cpu().contiguous().data<double>().ToArray(), block, part);
        Tensor order = tensor(columns, device: moment.Moment.device);
        Tensor permuted = moment.Moment.index_select(0, order).index_select(1, order);
        using Tensor exact = InputMoment.Decompose(permuted);
        Tensor factor = exact.to(ScalarType.Float32).contiguous();
        return new ColumnSweepFactor([.. columns.Select(column => (int)column)], factor.DetachFromDisposeScope());
    }

    // By the sum of a block, within it by that of a part, within it by itself; equals stay in their order.
    private static long[] Ascending(double[] diagonal, int block, int part)
    {
        double[] blocks = Sums(diagonal, block);
        double[] parts = Sums(diagonal, part);
        return
        [
            .. Enumerable.Range(0, diagonal.Length)
                .OrderBy(column => blocks[column / block]).ThenBy(column => column / block)
                .ThenBy(column => parts[column / part]).ThenBy(column => column / part)
                .ThenBy(column => diagonal[column])
                .Select(column => (long)column),
        ];
    }

    private static double[] Sums(double[] diagonal, int size) =>
        [.. diagonal.Chunk(size).Select(some => some.Sum())];

    /// <inheritdoc/>
    public void Dispose() => Factor.Dispose();
}
