using System.Globalization;
using Hypercompress.Branches;
using Hypercompress.Distillation;
using Hypercompress.Planning;

namespace Hypercompress.Pipeline.Solving;

/// <summary>
/// Whether entropy-coded matrices get scalar levels, which train, or those of a trellis, which do not.
/// </summary>
/// <param name="IsScalar">Whether scalar.</param>
/// <param name="Reason">Why, where the configuration leaves it open; otherwise null.</param>
internal sealed record LevelCodeChoice(bool IsScalar, string? Reason)
{
    // Below, what a trellis saves is more than what training wins back (docs/experiments.md).
    private const double LeastExcess = 0.08;

    // Scalar levels begin with 1.4 times the divergence of a trellis; fewer tokens do not make up for it.
    private const long LeastTokens = 100_000;

    /// <summary>Decides.</summary>
    /// <param name="options">The section <c>distillation</c>.</param>
    /// <param name="excess">Expected loss of the model under the plan, nats per token.</param>
    /// <returns>The decision.</returns>
    public static LevelCodeChoice Of(DistillationOptions options, double excess)
    {
        if (options.Enabled == false)
        {
            return new LevelCodeChoice(false, null);
        }

        if (options.TrainLevels is { } decided)
        {
            return new LevelCodeChoice(decided, null);
        }

        bool isScalar = excess >= LeastExcess && options.TokenBudget >= LeastTokens;
        string reason = string.Create(
            CultureInfo.InvariantCulture,
            $"entropy-coded levels {(isScalar ? "are trained" : "are not trained")}: the plan is expected to cost "
            + $"{excess:0.###} nats per token and trained on {options.TokenBudget} tokens; from {LeastExcess} nats and "
            + $"{LeastTokens} tokens on, training them improves the result (distillation.train_levels)");
        return new LevelCodeChoice(isScalar, reason);
    }

    /// <summary>The plan with the levels that were decided.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="branches">The branches whose offers it took.</param>
    /// <returns>A plan of the same bytes.</returns>
    public CompressionPlan Apply(CompressionPlan plan, IReadOnlyCollection<CompressionBranch> branches) => IsScalar
        ? plan with
        {
            Sites =
            [
                .. plan.Sites.Select(site => site with
                {
                    Offers = [.. site.Offers.Select(offer => BranchOf(offer, branches).Trainable(offer))],
                }),
            ],
        }
        : plan;

    private static CompressionBranch BranchOf(Offer offer, IReadOnlyCollection<CompressionBranch> branches) =>
        branches.First(branch => branch.Name == offer.Branch);
}
