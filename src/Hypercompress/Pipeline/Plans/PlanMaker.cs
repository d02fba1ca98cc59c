using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Configuration;
using Hypercompress.Models.Errors;
using Hypercompress.Planning;
using Hypercompress.Planning.Files;
using Hypercompress.Planning.Offers;

namespace Hypercompress.Pipeline.Plans;

/// <summary>Puts the question of a configuration to the planner.</summary>
/// <param name="config">Targets and planner options.</param>
/// <param name="branches">All branches that take part.</param>
internal sealed class PlanMaker(PipelineConfig config, ImmutableArray<CompressionBranch> branches)
{
    private CombinationRule Rule => MergeStrategies.Create(config.Merge).Rule;

    /// <summary>Makes the plan that the configuration asks for.</summary>
    /// <param name="book">What can be had.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="BudgetException">It cannot be met.</exception>
    public CompressionPlan Make(OfferBook book) => Make(book, AskedRatio(book.TeacherBytes));

    /// <summary>Makes a plan for another ratio.</summary>
    /// <param name="book">What can be had.</param>
    /// <param name="ratio">Teacher bytes / student bytes.</param>
    /// <param name="loose">Whether it may leave any number of bytes unused.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="BudgetException">It cannot be met.</exception>
    public CompressionPlan Make(OfferBook book, double ratio, bool loose = false)
    {
        var request = new PlanRequest(
            ratio, PlanRequest.TargetFor(book.TeacherBytes, ratio), book.TeacherBytes, book.FixedBytes, book.Sites)
        {
            Stacks = book.Stacks,
            Combination = Rule,
            Structural = Structural(),
            ExcludePatterns = config.Planner.Exclude,
            Loose = loose,
            Uniform = config.Planner.Uniform,
            Limits = new PlanLimits(config.Planner.MaxMultiplyAddsPerToken, config.Planner.MaxKvBytesPerToken),
        };
        var planner = new BudgetPlanner();
        return config.Planner.Mode == PlannerOptions.Manual ? planner.PlanFixed(request) : planner.Plan(request);
    }

    /// <summary>Reads a plan and brings it up to date.</summary>
    /// <param name="file">The file.</param>
    /// <param name="book">What can be had.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="ConfigurationException">It cannot be read, or is for another model or other settings.</exception>
    public CompressionPlan Read(string file, OfferBook book) =>
        PlanRefresh.Apply(PlanJson.Load(file, [.. book.Sites.Select(site => site.Site)]), book.Sites, book.Stacks, Rule);

    private double AskedRatio(long teacherBytes) => config.Targets.Bytes is { } bytes
        ? (double)teacherBytes / bytes.Bytes
        : config.Targets.CompressionRatio;

    private StructuralRequest Structural()
    {
        CompressionBranch? decided = branches.FirstOrDefault(branch => branch is { IsStructural: true, Structural: not null });
        return new StructuralRequest(
            decided?.Structural,
            [.. branches.Where(branch => branch.IsStructural).Select(branch => branch.Name)]);
    }
}
