using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Models.Errors;
using Hypercompress.Planning.Files;
using Hypercompress.Planning.Offers;
using Hypercompress.Targets;

namespace Hypercompress.Planning.Outlook;

/// <summary>Makes the plans that a configuration asks for.</summary>
/// <param name="target">The section <c>targets</c>.</param>
/// <param name="options">The section <c>planner</c>.</param>
/// <param name="rule">How offers that are taken together are combined.</param>
/// <param name="branches">All branches that take part.</param>
internal sealed class PlanMaker(
    TargetOptions target, PlannerOptions options, CombinationRule rule, ImmutableArray<CompressionBranch> branches)
{
    /// <summary>Whether the size was given in bytes and not as a ratio.</summary>
    public bool AsksInBytes => target.Bytes is not null;

    /// <summary>
    /// Refuses, from headers alone, a plan that is not for the model or a target that no plan can reach.
    /// </summary>
    /// <param name="planFile">The plan to read instead of making one, or null.</param>
    /// <param name="outline">The teacher's sizes.</param>
    /// <returns>The plan that was read, or null.</returns>
    /// <exception cref="BudgetException">The target is out of reach.</exception>
    /// <exception cref="CheckpointException">The plan cannot be read, or is for another model.</exception>
    /// <exception cref="ConfigurationException">A pattern of sites matches none.</exception>
    public CompressionPlan? Check(string? planFile, ModelOutline outline)
    {
        if (planFile is not null)
        {
            return PlanJson.Load(planFile, outline.Sites);
        }

        if (options.Mode == PlannerOptions.Manual)
        {
            Bounds(outline).RequireSites();
        }
        else
        {
            Bounds(outline).Require(target.RatioFor(outline.TeacherBytes), AsksInBytes);
        }

        return null;
    }

    /// <summary>What headers alone tell of the bytes of a student.</summary>
    /// <param name="outline">The teacher's sizes.</param>
    /// <returns>The bounds.</returns>
    public TargetBounds Bounds(ModelOutline outline) =>
        new(options, outline, RuntimeTargets.Find(target.Runtime), branches);

    /// <summary>Makes the plan that the configuration asks for.</summary>
    /// <param name="book">The offers.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="BudgetException">The target cannot be met.</exception>
    public CompressionPlan Make(OfferBook book) =>
        Make(Request(book, target.RatioFor(book.TeacherBytes)) with { AskedInBytes = AsksInBytes }, book);

    /// <summary>Makes a plan for another ratio.</summary>
    /// <param name="book">The offers.</param>
    /// <param name="ratio">Teacher bytes / student bytes.</param>
    /// <param name="loose">Whether it may leave any number of bytes unused.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="BudgetException">The ratio cannot be met.</exception>
    public CompressionPlan Make(OfferBook book, double ratio, bool loose = false) =>
        Make(Request(book, ratio, loose), book);

    /// <summary>Reads a plan and brings it up to date.</summary>
    /// <param name="file">The file.</param>
    /// <param name="book">The offers.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="CheckpointException">The file cannot be read, or is for another model.</exception>
    /// <exception cref="ConfigurationException">
    /// It takes an offer that the branches do not make, or different ones where the runtime needs one.
    /// </exception>
    public CompressionPlan Read(string file, OfferBook book)
    {
        CompressionPlan plan = PlanJson.Load(file, [.. book.Sites.Select(site => site.Site)]);
        RequireAlike(plan, book.Alike);
        return PlanRefresh.Apply(plan, book.Sites, book.Stacks, rule) with
        {
            TeacherBytes = book.TeacherBytes,
            FixedBytes = book.FixedBytes,
            Measured = book.Forecast,
        };
    }

    private CompressionPlan Make(PlanRequest request, OfferBook book)
    {
        var planner = new BudgetPlanner();
        CompressionPlan plan =
            options.Mode == PlannerOptions.Manual ? planner.PlanFixed(request) : planner.Plan(request);
        return plan with { Measured = book.Forecast };
    }

    private void RequireAlike(CompressionPlan plan, ImmutableArray<ImmutableArray<string>> groups)
    {
        Dictionary<string, string> taken = plan.Sites.ToDictionary(
            site => site.Site.Name,
            site => string.Join("; ", site.Offers.Select(offer =>
                $"{offer.Branch} {string.Join(", ", offer.Setting.Select(pair => $"{pair.Key} {pair.Value}"))}")));
        ImmutableArray<string> mixed =
            groups.FirstOrDefault(group => group.Select(name => taken[name]).Distinct().Count() > 1);
        if (!mixed.IsDefault)
        {
            throw new ConfigurationException(
                $"plan: {string.Join(", ", mixed)} are one layer for the runtime '{target.Runtime}'; give all of them "
                + "the same offer, or none");
        }
    }

    private PlanRequest Request(OfferBook book, double ratio, bool loose = false) => new(
        ratio, PlanRequest.TargetFor(book.TeacherBytes, ratio), book.TeacherBytes, book.FixedBytes, book.Sites)
    {
        Stacks = book.Stacks,
        Alike = book.Alike,
        Combination = rule,
        Structural = Structural(),
        ExcludePatterns = options.Exclude,
        Uniform = options.Uniform,
        Limits = options.Limits,
        Loose = loose || target.Runtime != RuntimeTargets.OwnName,
    };

    private StructuralRequest Structural()
    {
        CompressionBranch? decided =
            branches.FirstOrDefault(branch => branch is { IsStructural: true, Structural: not null });
        return new StructuralRequest(
            decided?.Structural,
            [.. branches.Where(branch => branch.IsStructural).Select(branch => branch.Name)]);
    }
}
