using Hypercompress.Branches.Solvers;
using Hypercompress.Forms;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;
using Hypercompress.Sites;

namespace Hypercompress.Branches.LowRank;

/// <summary>Linear(in, out) as Linear(in, r) + Linear(r, out): the best two factors under the site's error.</summary>
/// <param name="options">The section <c>branches.lra</c>.</param>
/// <param name="settings">Settings of all branches.</param>
internal sealed class LowRankBranch(LowRankOptions options, BranchSettings settings) : CompressionBranch
{
    /// <summary>Name of the branch.</summary>
    public const string BranchName = "lra";

    private readonly LowRankSolver _solver = new(BranchName, combines: true, pivots: settings.Target.HoldsAllForms);
    private readonly StackSolver _stacks = new(BranchName);

    /// <inheritdoc/>
    public override string Name => BranchName;

    /// <inheritdoc/>
    public override bool IsStructural => true;

    /// <inheritdoc/>
    public override bool? Structural => options.EnableStructural;

    /// <inheritdoc/>
    public override string Summary => "replaces a matrix by the product of two low-rank factors";

    /// <inheritdoc/>
    public override string Source =>
        "Whitened low rank (SVD-LLM, arXiv 2403.07378), weighted on both sides by input moments and output Fisher "
            + "weights";

    /// <inheritdoc/>
    public override bool Handles(Site site)
    {
        ArgumentNullException.ThrowIfNull(site);
        return site.Kind is WeightSlotKind.Linear or WeightSlotKind.Head;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Offer> MakeOffers(SiteProblem problem, IReadOnlyList<ValueFormat> formats)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(formats);
        bool nothingFixed = options.Rank is null && options.EnergyThreshold is null;
        return settings.Manual && nothingFixed
            ? []
            : _solver.Offers(problem, Held(formats), (spectrum, breakEven) => Ranks(problem.Site, spectrum, breakEven));
    }

    /// <inheritdoc/>
    public override FormMatrix Solve(SiteProblem problem, Offer offer)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(offer);
        return LowRankSolver.Solve(problem, offer, settings.Formats);
    }

    /// <inheritdoc/>
    public override bool Stacks(Site site, IReadOnlyList<ValueFormat> formats)
    {
        ArgumentNullException.ThrowIfNull(site);
        ArgumentNullException.ThrowIfNull(formats);
        bool codesCompete = formats.Any(format => format.IsCoarse);
        return (options.Stacked ?? !codesCompete) && !settings.Manual && site.Kind == WeightSlotKind.Linear
            && settings.Target.HoldsAllForms;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<OfferStack> MakeStacks(
        IReadOnlyList<SiteProblem> group, IReadOnlyList<ValueFormat> formats)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(formats);
        return _stacks.Offers(group, formats, (spectrum, breakEven) => Ranks(group, spectrum, breakEven));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<FormMatrix> SolveStack(IReadOnlyList<SiteProblem> group, IReadOnlyList<Offer> offers)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(offers);
        return StackSolver.Solve(group, offers[0], settings.Formats);
    }

    private IReadOnlyList<ValueFormat> Held(IReadOnlyList<ValueFormat> formats) =>
        settings.Target.HoldsAllForms ? formats : settings.Target.FactorFormats;

    // The limits of the stacked matrix.
    private IEnumerable<int> Ranks(IReadOnlyList<SiteProblem> group, StackedSpectrum spectrum, int breakEven)
    {
        long rows = group.Sum(problem => problem.Site.Rows);
        int largest = LowRankMath.LargestRank(rows, group[0].Site.Columns, options.Rank, settings.MaxRankFraction);
        int adaptive = options.EnergyThreshold is { } share ? spectrum.AdaptiveRank(share) : int.MaxValue;
        return RankLadder.Up(int.Min(int.Min(largest, adaptive), breakEven));
    }

    private IEnumerable<int> Ranks(Site site, WhitenedSpectrum spectrum, int breakEven)
    {
        int largest = LowRankMath.LargestRank(site.Rows, site.Columns, options.Rank, settings.MaxRankFraction);
        if (options.EnergyThreshold is { } share)
        {
            largest = int.Min(largest, spectrum.AdaptiveRank(share));
        }

        return settings.Manual ? [largest] : RankLadder.Up(int.Min(largest, breakEven));
    }
}
