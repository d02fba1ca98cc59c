using System.Globalization;
using Hypercompress.Branches;
using Hypercompress.Distillation;
using Hypercompress.NumberFormats;
using Hypercompress.Planning;
using Hypercompress.Training;

namespace Hypercompress.Pipeline.Solving;

/// <summary>Which parts of entropy-coded matrices train, from which the form follows that they are solved in.</summary>
/// <param name="Parts">Scales alone, or levels and scales. Null: nothing trains.</param>
/// <param name="Reason">Why, where the configuration does not say it; null otherwise.</param>
internal sealed record LevelCodeChoice(TrainedCodes? Parts, string? Reason)
{
    // The least that was tried, and won (docs/experiments.md).
    private const double LeastExcess = 0.02;

    // With fewer tokens a level has no direction of its own, and its state and search would cost for nothing.
    private const double TokensPerLevel = 0.15;

    /// <summary>Decides.</summary>
    /// <param name="training">What the run trains.</param>
    /// <param name="excess">Expected damage of the plan, nats per token.</param>
    /// <param name="levels">Values of the model's matrices.</param>
    public static LevelCodeChoice Of(TrainingChoice training, double excess, long levels)
    {
        DistillationOptions options = training.Distillation;
        if (options.Enabled == false)
        {
            return new LevelCodeChoice(training.FineTuning.Enabled == false ? null : TrainedCodes.Scales, null);
        }

        if (options.Train == TrainableParts.Scales || options.TrainLevels == false)
        {
            return new LevelCodeChoice(TrainedCodes.Scales, null);
        }

        if (options.TrainLevels == true)
        {
            return new LevelCodeChoice(TrainedCodes.Levels, null);
        }

        var tokens = (long)(TokensPerLevel * levels);
        bool trainsLevels = excess >= LeastExcess && options.TokenBudget >= tokens;
        string parts = trainsLevels ? "the levels and scales" : "only the scales";
        string reason = string.Create(
            CultureInfo.InvariantCulture,
            $"training adjusts {parts} of entropy-coded matrices; adjusting their levels as well pays off only from an "
            + $"expected loss of {LeastExcess} nats and {tokens:#,##0} training tokens (here {excess:0.###} and "
            + $"{options.TokenBudget:#,##0})");
        return new LevelCodeChoice(trainsLevels ? TrainedCodes.Levels : TrainedCodes.Scales, reason);
    }

    /// <summary>The plan with matrices in the forms that were decided on.</summary>
    /// <param name="plan">A plan.</param>
    /// <param name="branches">The branches that take part.</param>
    public CompressionPlan Apply(CompressionPlan plan, IReadOnlyCollection<CompressionBranch> branches) =>
        Parts is { } parts
            ? plan with
            {
                Sites =
                [
                    .. plan.Sites.Select(site => site with
                    {
                        Offers = [.. site.Offers.Select(offer => BranchOf(offer, branches).Trainable(offer, parts))],
                    }),
                ],
            }
            : plan;

    private static CompressionBranch BranchOf(Offer offer, IReadOnlyCollection<CompressionBranch> branches) =>
        branches.First(branch => branch.Name == offer.Branch);
}
