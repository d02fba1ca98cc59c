using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Forms;
using Hypercompress.Planning.Offers;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Merging;

/// <summary>
/// W' = Σ ratioᵢ Wᵢ / Σ ratioᵢ: the average of the branches' results, weighted by their compression ratios. It is
/// stored as the sum of the scaled pieces. Kept for comparison: an average keeps a share of every branch's error.
/// </summary>
internal sealed class WeightedMerge : MergeStrategy
{
    /// <summary>Name in configuration.</summary>
    public const string StrategyName = "weighted";

    /// <inheritdoc/>
    public override string Name => StrategyName;

    /// <inheritdoc/>
    public override CombinationRule Rule => CombinationRule.Weighted;

    /// <summary>J of the average, leaving the proposals as they are.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="proposals">At least one.</param>
    /// <returns>Nats per token.</returns>
    internal static double ErrorOf(SiteProblem problem, IReadOnlyList<Proposal> proposals)
    {
        double[] weights = Weights(proposals);
        using Tensor average = zeros_like(problem.Target);
        for (int index = 0; index < weights.Length; index++)
        {
            using Tensor values = proposals[index].Matrix.Materialize();
            average.add_(values, weights[index]);
        }

        return problem.Error(average);
    }

    /// <inheritdoc/>
    protected override SiteBlueprint Combine(
        SiteProblem problem, IReadOnlyList<Proposal> proposals, Func<string, CompressionBranch> branches)
    {
        ImmutableSortedDictionary<string, double> alternatives =
            ErrorsAlone(problem, proposals).Add(JointMerge.StrategyName, JointError(problem, proposals, branches));
        double[] weights = Weights(proposals);
        for (int index = 0; index < weights.Length; index++)
        {
            proposals[index].Matrix.Scale(weights[index]);
        }

        var sum = new SumForm(proposals.Select(proposal => proposal.Matrix));
        return new SiteBlueprint(problem.Site, sum, Measure(problem, sum), alternatives);
    }

    private static double JointError(
        SiteProblem problem, IReadOnlyList<Proposal> proposals, Func<string, CompressionBranch> branches)
    {
        using PieceSum sum = PieceSum.Fit(
            problem, proposals, branches, JointMerge.DefaultIterations, JointMerge.DefaultTolerance);
        return sum.Error;
    }

    // A piece that stores nothing at all counts as one parameter.
    private static double[] Weights(IReadOnlyList<Proposal> proposals)
    {
        double[] ratios =
        [
            .. proposals.Select(
                proposal => (double)proposal.Site.ElementCount / Math.Max(1, proposal.Matrix.StoredParameters)),
        ];
        double sum = ratios.Sum();
        return [.. ratios.Select(ratio => ratio / sum)];
    }
}
