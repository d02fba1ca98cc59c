using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.BlockDiagonal;

/// <summary>
/// The best block-diagonal approximation of T [m, n] with k blocks [m/k, n/k] under J. Rows of different blocks do not
/// share values, and the row weights do not matter to a row's own best fit, so that each block is a least-squares
/// problem of its own: B_i = (T_i H)[:, S_i] · H[S_i, S_i]⁻¹ with S_i its columns.
/// </summary>
public static class BlockDiagonalMath
{
    /// <summary>Fits all blocks.</summary>
    /// <param name="problem">T, H and g.</param>
    /// <param name="blocks">k; divides m and n.</param>
    /// <returns>float32 [m, n/k]: block i in rows i·m/k to (i+1)·m/k.</returns>
    public static Tensor Fit(SiteProblem problem, int blocks)
    {
        ArgumentNullException.ThrowIfNull(problem);
        using var scope = NewDisposeScope();
        Tensor target = problem.Target.to(ScalarType.Float64);
        Tensor moment = problem.Inputs.Moment;
        long height = target.shape[0] / blocks;
        long width = target.shape[1] / blocks;
        Tensor[] fitted = new Tensor[blocks];
        for (int i = 0; i < blocks; i++)
        {
            Tensor columns = moment.narrow(1, i * width, width);
            Tensor right = target.narrow(0, i * height, height).matmul(columns);
            Tensor own = columns.narrow(0, i * width, width);
            fitted[i] = linalg.solve(own, right.t()).t();
        }

        return cat(fitted, 0).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }
}
