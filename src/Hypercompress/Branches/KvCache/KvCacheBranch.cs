using Hypercompress.Branches.Solvers;
using Hypercompress.Forms;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;
using Hypercompress.Sites;

namespace Hypercompress.Branches.KvCache;

/// <summary>
/// One low-rank latent for the keys and values of a layer. The first factor's output is what the cache keeps per token;
/// keys and values are made from it when they are needed, before positions are applied.
/// </summary>
/// <param name="options">The section <c>branches.kv</c>.</param>
/// <param name="settings">Settings of all branches.</param>
internal sealed class KvCacheBranch(KvCacheOptions options, BranchSettings settings) : CompressionBranch
{
    /// <summary>Name of the branch.</summary>
    public const string BranchName = "kv";

    private readonly LowRankSolver _solver = new(BranchName, combines: false, pivots: true);

    /// <inheritdoc/>
    public override string Name => BranchName;

    /// <inheritdoc/>
    public override string Summary => "stores keys and values of the cache as one shorter vector per token";

    /// <inheritdoc/>
    public override string Source =>
        "Latent KV cache (Palu, arXiv 2407.21118; MLA, arXiv 2405.04434), solved jointly for K and V under the site's "
            + "error";

    /// <inheritdoc/>
    public override bool Handles(Site site)
    {
        ArgumentNullException.ThrowIfNull(site);
        return site.Kind == WeightSlotKind.KeyValue;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Offer> MakeOffers(SiteProblem problem, IReadOnlyList<ValueFormat> formats)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(formats);
        if (settings.Manual && options.CacheTokens is null)
        {
            return [];
        }

        // A fixed width is wanted for the cache's sake, also where the weights themselves do not shrink.
        return _solver.Offers(
            problem, formats, (_, breakEven) => Widths(problem.Site, breakEven), evenIfLarger: settings.Manual);
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
        int widest = KvCacheMath.WidestLatent(site.Rows, site.Columns, options.CacheTokens);
        return settings.Manual ? [widest] : RankLadder.Up(int.Min(widest, breakEven));
    }
}
