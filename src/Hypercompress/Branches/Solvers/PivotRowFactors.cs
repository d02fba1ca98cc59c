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

        // Each row is scaled by the root of its Fisher weight: the cost of an error in it.
        (Tensor pivots, Tensor weighted) = PivotRows.Choose(up * latent * weights.unsqueeze(1));
        ImmutableArray<bool> isPivot = PivotRows.Mark(pivots, problem.Target.shape[0]);
        Tensor rest = tensor(isPivot.Select(isOne => !isOne).ToArray(), device: up.device);
        Tensor coefficients = weighted * weights.index_select(0, pivots) / weights.masked_select(rest).unsqueeze(1);
        return LatentForm.Join(
            format.Encode(up.index_select(0, pivots).matmul(down)),
            () => format.Encode(coefficients.t().contiguous()),
            (rows, others) => new PivotRowForm(rows, others, isPivot));
    }
}
