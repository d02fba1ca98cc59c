using System.Collections.Immutable;
using System.Globalization;
using Hypercompress.Branches;
using Hypercompress.Branches.Registry;
using Hypercompress.Forms;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.BlockDiagonal;

/// <summary>Replaces linear layers by block-diagonal ones: a k-th of the values and of the work.</summary>
/// <param name="options">Its configuration.</param>
/// <param name="settings">Settings of all branches.</param>
public sealed class BlockDiagonalBranch(BlockDiagonalOptions options, BranchSettings settings) : CompressionBranch
{
    private const string BlocksSetting = "blocks";
    private const string FormatSetting = "format";

    /// <summary>The line that makes the branch known.</summary>
    public static BranchRegistration Registration { get; } = BranchRegistration.For<BlockDiagonalOptions>(
        "blockdiag", (options, settings) => new BlockDiagonalBranch(options, settings));

    /// <inheritdoc/>
    public override string Name => Registration.Name;

    /// <inheritdoc/>
    public override string Source => "Dao et al. 2022, Monarch (arXiv 2204.00595), without its permutations";

    /// <inheritdoc/>
    public override IReadOnlyList<FormReader> Forms => [BlockDiagonalForm.Reader];

    /// <inheritdoc/>
    public override bool Handles(Site site)
    {
        ArgumentNullException.ThrowIfNull(site);
        return site.Kind == WeightSlotKind.Linear;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Offer> MakeOffers(SiteProblem problem, IReadOnlyList<ValueFormat> formats)
    {
        ArgumentNullException.ThrowIfNull(problem);
        Site site = problem.Site;
        return
        [
            .. from blocks in options.Blocks
               where site.Rows % blocks == 0 && site.Columns % blocks == 0
               from format in formats
               select MakeOffer(problem, blocks, format),
        ];
    }

    /// <inheritdoc/>
    public override FormMatrix Solve(SiteProblem problem, Offer offer)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(offer);
        int blocks = int.Parse(offer.Setting[BlocksSetting], CultureInfo.InvariantCulture);
        return Solve(problem, blocks, settings.Formats.Parse(offer.Setting[FormatSetting]));
    }

    private static BlockDiagonalForm Solve(SiteProblem problem, int blocks, ValueFormat format)
    {
        using Tensor fitted = BlockDiagonalMath.Fit(problem, blocks);
        return new BlockDiagonalForm(format.Encode(fitted), blocks);
    }

    private Offer MakeOffer(SiteProblem problem, int blocks, ValueFormat format)
    {
        using BlockDiagonalForm form = Solve(problem, blocks, format);
        using Tensor approximation = form.Materialize();
        ImmutableSortedDictionary<string, string> setting = ImmutableSortedDictionary<string, string>.Empty
            .Add(BlocksSetting, blocks.ToString(CultureInfo.InvariantCulture))
            .Add(FormatSetting, format.ToString());
        return new Offer(Name, setting, form.StoredBytes, problem.Error(approximation), Combines: true)
        {
            MultiplyAdds = form.MultiplyAdds,
        };
    }
}
