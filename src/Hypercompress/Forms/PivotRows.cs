using System.Collections.Immutable;
using static TorchSharp.torch;

namespace Hypercompress.Forms;

/// <summary>
/// Rows of a matrix that all its rows are combinations of, chosen by QR with column pivoting of the transpose: each
/// next pivot is the row farthest from the span of those before it, which keeps the coefficients about as small as 1.
/// </summary>
/// <remarks>
/// Carried out as a Cholesky factorization with pivoting of A Aᵀ (the same pivots), of which one column at a time is
/// formed.
/// </remarks>
internal static class PivotRows
{
    // Below this share of the largest squared length, a remainder is rounding noise.
    private const double Noise = 1e-13;

    /// <summary>Chooses as many pivots as the matrix has columns.</summary>
    /// <param name="rows">A, float64 [m, r], m ≥ r.</param>
    /// <returns>
    /// The pivots in ascending order, int64 [r], and the coefficients C with A[others] = C A[pivots], float64 [m − r,
    /// r], the other rows in ascending order too; in the caller's scope.
    /// </returns>
    internal static (Tensor Pivots, Tensor Coefficients) Choose(Tensor rows)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        (Tensor factor, long[] order) = Factorize(rows);
        Tensor pivots = tensor(order, device: rows.device);
        (Tensor ascending, Tensor places) = pivots.sort(0);
        Tensor isOther = ones(rows.shape[0], dtype: ScalarType.Bool, device: rows.device).index_fill_(0, pivots, false);
        Tensor others = factor.index_select(0, isOther.nonzero().flatten());
        Tensor coefficients = linalg.solve_triangular(
            factor.index_select(0, pivots), others, upper: false, left: false);
        return (
            ascending.MoveToOuterDisposeScope(),
            coefficients.index_select(1, places).MoveToOuterDisposeScope());
    }

    /// <summary>Marks pivots.</summary>
    /// <param name="pivots">int64 [r].</param>
    /// <param name="rows">Rows of the matrix.</param>
    /// <returns>For each row, whether it is a pivot.</returns>
    internal static ImmutableArray<bool> Mark(Tensor pivots, long rows)
    {
        using var scope = NewDisposeScope();
        var isPivot = new bool[rows];
        foreach (long pivot in pivots.cpu().data<long>())
        {
            isPivot[pivot] = true;
        }

        return [.. isPivot];
    }

    // A = L Q with L [m, r], lower triangular in the order of the pivots. Where A has a lower rank than r, the pivots
    // that are left are any rows; a 1 on the diagonal makes their coefficients zero.
    private static (Tensor Factor, long[] Order) Factorize(Tensor rows)
    {
        (long count, long rank) = (rows.shape[0], rows.shape[1]);
        Tensor factor = zeros(count, rank, dtype: ScalarType.Float64, device: rows.device);
        Tensor open = rows.square().sum(1);
        double floor = Noise * open.max().item<double>();
        var order = new long[rank];
        for (long k = 0; k < rank; k++)
        {
            using var scope = NewDisposeScope();
            long pivot = open.argmax().item<long>();
            double length = open[pivot].item<double>();
            order[k] = pivot;
            if (length > floor)
            {
                Tensor column = rows.mv(rows[pivot]);
                column.sub_(factor.narrow(1, 0, k).mv(factor[pivot].narrow(0, 0, k))).div_(Math.Sqrt(length));
                column.index_fill_(0, tensor(order.AsSpan(0, (int)k).ToArray(), device: rows.device), 0);
                factor.select(1, k).copy_(column);
                open.sub_(column.square());
            }
            else
            {
                factor[pivot, k] = 1;
            }

            open[pivot] = double.NegativeInfinity;
        }

        return (factor, order);
    }
}
