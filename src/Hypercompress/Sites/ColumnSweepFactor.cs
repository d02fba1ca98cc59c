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
    /// <param name="groups">Columns that stay together.</param>
    /// <returns>A factor that the caller disposes.</returns>
    /// <exception cref="Models.Errors.NumericalException">No amount of damping makes it positive definite.</exception>
    internal static ColumnSweepFactor Of(InputMoment moment, SweepGroups groups)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        long[] columns = Ascending(moment.Moment.diagonal().cpu().contiguous().data<double>().ToArray(), groups);
        Tensor order = tensor(columns, device: moment.Moment.device);
        Tensor permuted = moment.Moment.index_select(0, order).index_select(1, order);
        using Tensor exact = InputMoment.Decompose(permuted);
        Tensor factor = exact.to(ScalarType.Float32).contiguous();
        return new ColumnSweepFactor([.. columns.Select(column => (int)column)], factor.DetachFromDisposeScope());
    }

    // By the sum of a block, within it by that of a part, then of a cell; equals stay in their order.
    private static long[] Ascending(double[] diagonal, SweepGroups groups)
    {
        double[] blocks = Sums(diagonal, groups.Block);
        double[] parts = Sums(diagonal, groups.Part);
        double[] cells = Sums(diagonal, groups.Cell);
        return
        [
            .. Enumerable.Range(0, diagonal.Length)
                .OrderBy(column => blocks[column / groups.Block]).ThenBy(column => column / groups.Block)
                .ThenBy(column => parts[column / groups.Part]).ThenBy(column => column / groups.Part)
                .ThenBy(column => cells[column / groups.Cell]).ThenBy(column => column)
                .Select(column => (long)column),
        ];
    }

    private static double[] Sums(double[] diagonal, int size) =>
        [.. diagonal.Chunk(size).Select(some => some.Sum())];

    /// <inheritdoc/>
    public void Dispose() => Factor.Dispose();
}
