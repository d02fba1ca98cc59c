using System.Collections.Immutable;
using Hypercompress.Forms;
using Hypercompress.NumberFormats;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Branches.Solvers;

/// <summary>
/// The product U V of two factors by r of its rows and the coefficients of the others: the same matrix in
/// r (m + n − r) values in place of r (m + n) (PIFA, arXiv 2501.19090).
/// </summary>
internal static class PivotRowFactors
{
    /// <summary>Rewrites factors.</summary>
    /// <param name="problem">The problem that they solve; its weights decide which rows are pivots.</param>
    /// <param name="up">U, float64 [m, r].</param>
    /// <param name="down">V, float64 [r, n], with V H Vᵀ diagonal.</param>
    /// <param name="format">Format of pivots and coefficients.</param>
    /// <returns>A form that the caller disposes.</returns>
    internal static FormMatrix Form(SiteProblem problem, Tensor up, Tensor down, ValueFormat format)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor latent = (down.matmul(problem.Inputs.Moment) * down).sum(1).clamp(min: 0).sqrt();
        Tensor weights = problem.OutputWeights.sqrt();

        // Rows as they count: outputs times the root of their Fisher weight.
        (Tensor pivots, Tensor weighted) = PivotRows.Choose(up * latent * weights.unsqueeze(1));
        ImmutableArray<bool> isPivot = Mark(pivots, problem.Target.shape[0]);
        Tensor others = tensor(isPivot.Select(isOne => !isOne).ToArray(), device: up.device);
        Tensor coefficients = weighted * weights.index_select(0, pivots) / weights.masked_select(others).unsqueeze(1);
        StoredValues values = format.Encode(up.index_select(0, pivots).matmul(down));
        try
        {
            return new PivotRowForm(values, format.Encode(coefficients.t().contiguous()), isPivot);
        }
        catch
        {
            values.Dispose();
            throw;
        }
    }

    private static ImmutableArray<bool> Mark(Tensor pivots, long rows)
    {
        using var scope = NewDisposeScope();
        var isPivot = new bool[rows];
        foreach (long pivot in pivots.cpu().data<long>())
        {
            isPivot[pivot] = true;
        }

        return [.. isPivot];
    }
}
