using Hypercompress.Forms;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Branches.Sparsity;

/// <summary>
/// Searches for places by linearized Bregman iterations on the site's own error: the dual V follows the negative
/// gradient and the values are its soft shrinkage, so that values enter in the order in which they help (an inverse
/// scale space).
/// </summary>
/// <remarks>
/// V ← V + (T̄ − W) H̄ M⁻¹, W = S(V, μ): Osher et al., Commun. Math. Sci. 8, 2010; as a way to train sparse networks,
/// Bungert et al., arXiv 2105.04319. M = H̄ + ρ I in place of a step size lets inputs of all strengths come along
/// within few iterations. μ is chosen per row and iteration so that the number of values grows evenly up to the wanted
/// one.
/// </remarks>
/// <param name="inputs">H.</param>
/// <param name="pattern">The pattern to keep to, or null.</param>
/// <param name="iterations">At least 1.</param>
internal sealed class BregmanPruner(InputMoment inputs, SparsePattern? pattern, int iterations)
    : NormalizedPruner(inputs)
{
    private const double Damping = 0.1;

    /// <inheritdoc/>
    protected override PrunedRows Search(Tensor target, Tensor start)
    {
        RowSupport support = RowSupport.Like(start, pattern);
        Tensor dual = zeros_like(target);
        Tensor mask = zeros_like(start);
        for (int i = 0; i < iterations; i++)
        {
            using var scope = NewDisposeScope();
            dual.add_(Direction(target - Shrink(dual, mask)));
            mask.copy_(support.Share((i + 1.0) / iterations).Select(dual.abs()));
        }

        return new PrunedRows(mask, target);
    }

    // R H̄ (H̄ + ρ I)⁻¹ = R − ρ R (H̄ + ρ I)⁻¹.
    private Tensor Direction(Tensor left) => left - left.matmul(Inputs.Inverse(Damping)).mul_(Damping);

    // μ of a row is its largest dual value that does not survive; with a pattern, chosen values may be below it and
    // stay zero for now.
    private static Tensor Shrink(Tensor dual, Tensor mask)
    {
        Tensor size = dual.abs();
        Tensor threshold = size.masked_fill(mask, 0).amax([1], keepdim: true);
        return (size - threshold).clamp_(min: 0).mul_(dual.sign());
    }
}
