using Hypercompress.Branches.Solvers;
using Hypercompress.Forms;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;
using Hypercompress.Sites;

namespace Hypercompress.Branches.ByteLatent;

/// <summary>
/// Embedding(V, D) as Embedding(V, r) + Linear(r, D). A tied head shares both factors: logits pass through the same
/// narrow latent, and the site's error counts both roles.
/// </summary>
/// <param name="options">The section <c>branches.blt</c>.</param>
/// <param name="settings">Settings of all branches.</param>
internal sealed class ByteLatentBranch(ByteLatentOptions options, BranchSettings settings) : CompressionBranch
{
    /// <summary>Name of the branch.</summary>
    public const string BranchName = "blt";

    private readonly LowRankSolver _solver = new(BranchName, combines: false, pivots: false);

    /// <inheritdoc/>
    public override string Name => BranchName;

    /// <inheritdoc/>
    public override bool RunsFirst => true;

    /// <inheritdoc/>
    public override string Summary => "replaces the embedding by a narrower table and a projection";

    /// <inheritdoc/>
    public override string Source =>
        "Factorized embedding (ALBERT, arXiv 1909.11942), solved in closed form with token frequencies and Fisher "
            + "weights";

    /// <inheritdoc/>
    public override bool Handles(Site site)
    {
        ArgumentNullException.ThrowIfNull(site);
        return site.Kind == WeightSlotKind.Embedding;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Offer> MakeOffers(SiteProblem problem, IReadOnlyList<ValueFormat> formats)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(formats);
        bool nothingFixed = options.LatentDim is null && options.EmbeddingReduction is null;
        return settings.Manual && nothingFixed ? [] : _solver.Offers(
            problem, formats, (_, breakEven) => Widths(problem.Site, breakEven));
    }

    /// <inheritdoc/>
    public override FormMatrix Solve(SiteProblem problem, Offer offer)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(offer);
        return LowRankSolver.Solve(problem, offer, settings.Formats);
    }

    private IEnumerable<int> Widths(Site site, int breakEven)
    {
        int configured = options.LatentDim
            ?? ByteLatentMath.WidestLatent(site.Rows, site.Columns, options.EmbeddingReduction ?? 0);
        int widest = (int)long.Min(configured, long.Min(site.Rows, site.Columns));
        return settings.Manual ? [widest] : RankLadder.Up(int.Min(widest, breakEven));
    }
}
