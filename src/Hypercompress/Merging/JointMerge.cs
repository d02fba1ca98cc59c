using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Forms;
using Hypercompress.Planning.Offers;
using Hypercompress.Sites;

namespace Hypercompress.Merging;

/// <summary>
/// W' = A + B with the pieces fitted to each other: in turn, each one is solved again for what the others leave of the
/// target, from every order, and kept only when J decreases (block coordinate descent, as in OATS and HASSLE-free, here
/// on the full metric). Where the sum is not better than the best piece alone, that piece is the result.
/// </summary>
/// <param name="iterations">Sweeps over all pieces, at most.</param>
/// <param name="tolerance">A sweep that improves J by a smaller share is the last one.</param>
internal sealed class JointMerge(
    int iterations = JointMerge.DefaultIterations, double tolerance = JointMerge.DefaultTolerance)
    : MergeStrategy
{
    /// <summary>Name in configuration.</summary>
    public const string StrategyName = "joint";

    /// <summary>Sweeps by default.</summary>
    public const int DefaultIterations = 6;

    /// <summary>Least improvement by default.</summary>
    public const double DefaultTolerance = 0.005;

    /// <inheritdoc/>
    public override string Name => StrategyName;

    /// <inheritdoc/>
    public override CombinationRule Rule => CombinationRule.Joint;

    /// <inheritdoc/>
    protected override SiteBlueprint Combine(
        SiteProblem problem, IReadOnlyList<Proposal> proposals, Func<string, CompressionBranch> branches)
    {
        ImmutableSortedDictionary<string, double> alternatives = ErrorsAlone(problem, proposals);
        Proposal single = proposals.MinBy(proposal => alternatives[proposal.Offer.Branch])!;
        double singleError = alternatives[single.Offer.Branch];
        alternatives = alternatives.Add(WeightedMerge.StrategyName, WeightedMerge.ErrorOf(problem, proposals));

        using PieceSum sum = PieceSum.Fit(problem, proposals, branches, iterations, tolerance);
        bool together = sum.Error < singleError;
        double error = together ? sum.Error : singleError;
        IReadOnlyList<FormMatrix> kept = together ? sum.TakePieces() : [single.Matrix];
        foreach (Proposal proposal in proposals.Where(proposal => !kept.Contains(proposal.Matrix)))
        {
            proposal.Matrix.Dispose();
        }

        FormMatrix matrix = together ? new SumForm(kept) : single.Matrix;
        return new SiteBlueprint(problem.Site, matrix, error, alternatives);
    }
}
