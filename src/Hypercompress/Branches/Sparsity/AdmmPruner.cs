using Hypercompress.Forms;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Branches.Sparsity;

/// <summary>
/// Searches for places and values together, by the alternating direction method of multipliers: B fits the target, D is
/// sparse, and a growing penalty ρ pulls them together.
/// </summary>
/// <remarks>
/// Meng et al., ALPS, NeurIPS 2024 (arXiv 2406.07831). With Z = B + Y/ρ the update of the multipliers Y ← Y + ρ (B − D)
/// leaves Y = ρ Z where D is zero and nothing elsewhere, so Z and its places are the whole state. The schedule is
/// shorter than theirs: 12 iterations reach within 1 % of the error of 90.
/// </remarks>
/// <param name="inputs">H.</param>
/// <param name="pattern">The pattern to keep to, or null.</param>
internal sealed class AdmmPruner(InputMoment inputs, SparsePattern? pattern) : NormalizedPruner(inputs)
{
    private const double FirstPenalty = 0.5;
    private const double Growth = 1.5;
    private const int Stages = 3;
    private const int StageIterations = 4;

    /// <inheritdoc/>
    protected override PrunedRows Search(Tensor target, Tensor start)
    {
        RowSupport support = RowSupport.Like(start, pattern);
        Tensor correlation = target.matmul(Inputs.Moment);
        Tensor joint = target.clone();
        Tensor mask = support.Select(joint.abs());
        (double penalty, double before) = (FirstPenalty, FirstPenalty);
        for (int i = 0; i < Stages * StageIterations; i++)
        {
            using var scope = NewDisposeScope();
            Tensor multipliers = joint.masked_fill(mask, 0).mul_(before);
            Tensor sparse = joint.masked_fill(mask.logical_not(), 0);
            Tensor right = sparse.mul_(penalty).add_(correlation).sub_(multipliers);
            Tensor dense = right.matmul(Inputs.Inverse(penalty));
            joint.copy_(dense.add_(multipliers.div_(penalty)));
            mask.copy_(support.Select(joint.abs()));
            before = penalty;
            penalty *= i % StageIterations == StageIterations - 1 ? Growth : 1;
        }

        return new PrunedRows(mask, joint);
    }
}
