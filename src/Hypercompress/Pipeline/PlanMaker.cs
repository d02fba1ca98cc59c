using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Configuration;
using Hypercompress.Planning;

namespace Hypercompress.Pipeline;

/// <summary>Puts the question of a configuration to the planner.</summary>
/// <param name="config">Targets and planner options.</param>
/// <param name="branches">All branches that take part.</param>
internal sealed class PlanMaker(PipelineConfig config, ImmutableArray<CompressionBranch> branches)
{
    /// <summary>Makes a plan.</summary>
    /// <param name="teacherBytes">Bytes of the teacher's weights as published.</param>
    /// <param name="offers">What can be had.</param>
    /// <param name="fixedBytes">Bytes of norms and biases.</param>
    /// <param name="rule">Which offers may be taken together.</param>
    /// <returns>The plan.</returns>
    public CompressionPlan Make(
        long teacherBytes, ImmutableArray<SiteOffers> offers, long fixedBytes, CombinationRule rule)
    {
        double ratio = config.Targets.Bytes is { } bytes
            ? (double)teacherBytes / bytes.Bytes
            : config.Targets.CompressionRatio;
        var request = new PlanRequest(ratio, PlanRequest.TargetFor(teacherBytes, ratio), teacherBytes, fixedBytes, offers)
        {
            Combination = rule,
            Structural = Structural(),
            ExcludePatterns = config.Planner.Exclude,
        };
        var planner = new BudgetPlanner();
        return config.Planner.Mode == PlannerOptions.Manual ? planner.PlanFixed(request) : planner.Plan(request);
    }

    private StructuralRequest Structural()
    {
        CompressionBranch? decided = branches.FirstOrDefault(branch => branch is { IsStructural: true, Structural: not null });
        return new StructuralRequest(
            decided?.Structural,
            [.. branches.Where(branch => branch.IsStructural).Select(branch => branch.Name)]);
    }
}
