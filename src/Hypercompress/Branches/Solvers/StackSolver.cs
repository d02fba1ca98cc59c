using System.Collections.Immutable;
using Hypercompress.Forms;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Registry;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Branches.Solvers;

/// <summary>
/// Offers and solves W_i' = U_i V with one V for sites that read the same input. V is stored, and counted, at the first
/// of them, its owner. In floating-point formats rows of the owner may take the part of V: the owner is then stored as
/// pivot rows and coefficients, and the others as coefficients of the same pivots.
/// </summary>
/// <param name="branch">Name of the branch that the offers are made for.</param>
internal sealed class StackSolver(string branch)
{
    private static readonly FactorLayout Layout = new(pivots: true);

    /// <summary>The stacked offers of some sites: one factorization gives the errors of all ranks.</summary>
    /// <param name="group">Problems of at least two sites with the same input, in the order of the decoder.</param>
    /// <param name="formats">Formats of the factors.</param>
    /// <param name="choose">The ranks to offer, ascending, given the highest one at which bytes are saved.</param>
    internal IReadOnlyList<OfferStack> Offers(
        IReadOnlyList<SiteProblem> group,
        IReadOnlyList<ValueFormat> formats,
        Func<StackedSpectrum, int, IEnumerable<int>> choose)
    {
        using var noGrad = no_grad();
        using StackedSpectrum spectrum = StackedSpectrum.Factorize(group);
        Site[] sites = [.. group.Select(problem => problem.Site)];
        return
        [
            .. formats.SelectMany(format => Offers(
                group,
                spectrum,
                format,
                [.. choose(spectrum, BreakEven(sites, format)).Where(rank => SavesBytes(sites, rank, format))])),
        ];
    }

    /// <summary>Builds the pieces of a stack: the owner's first.</summary>
    /// <param name="group">The problems, in the order of the offers.</param>
    /// <param name="offer">Any of the offers: they have one setting.</param>
    /// <param name="known">The number formats that the offer may name.</param>
    internal static IReadOnlyList<FormMatrix> Solve(
        IReadOnlyList<SiteProblem> group, Offer offer, NumberFormatRegistry known)
    {
        ValueFormat format = OfferSetting.ReadFormat(offer, known);
        using var noGrad = no_grad();
        using StackedSpectrum spectrum = StackedSpectrum.Factorize(group);
        int rank = OfferSetting.ReadRank(offer, spectrum.Largest);
        return StackedPieces.Build(group, spectrum, rank, format, OfferSetting.ReadPivots(offer));
    }

    private IEnumerable<OfferStack> Offers(
        IReadOnlyList<SiteProblem> group, StackedSpectrum spectrum, ValueFormat format, int[] ranks)
    {
        if (ranks.Length == 0)
        {
            return [];
        }

        RoundingNoise[] noise = StackNoise.Measure(
            group, spectrum, format, RankLadder.Probed(ranks), rank => Layout.IsPivotRows(group[0].Site, rank, format));
        Site[] sites = [.. group.Select(problem => problem.Site)];
        return ranks.Select(rank => new OfferStack(
            [.. sites.Select(site => site.Name)],
            [.. sites.Select(
                (_, index) =>
                MakeOffer(sites, index, rank, format, spectrum.Error(index, rank) + noise[index].At(rank)))]));
    }

    private Offer MakeOffer(Site[] sites, int index, int rank, ValueFormat format, double error)
    {
        bool pivots = Layout.IsPivotRows(sites[0], rank, format);
        return new Offer(
            branch,
            Layout.Setting(sites[0], rank, format),
            Bytes(sites, index, rank, format),
            error)
        {
            Owner = sites[0].Name,
            MultiplyAdds = rank * (sites[index].Rows + sites[index].Columns - (pivots && index == 0 ? rank : 0)),
        };
    }

    private static int BreakEven(Site[] sites, ValueFormat format) =>
        Layout.BreakEven(sites[0], sites.Sum(site => site.Rows), format);

    private static long Bytes(Site[] sites, int index, int rank, ValueFormat format) => index > 0
        ? format.StoredBytes(rank, sites[index].Rows)
        : Layout.Bytes(sites[0], rank, format);

    private static bool SavesBytes(Site[] sites, int rank, ValueFormat format) =>
        Enumerable.Range(0, sites.Length).Sum(index => Bytes(sites, index, rank, format))
            < sites.Sum(site => format.StoredBytes(site.Rows, site.Columns));
}
