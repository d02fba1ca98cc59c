using Hypercompress.Forms;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Registry;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Branches.Solvers;

/// <summary>
/// Offers and solves W' = U V for the branches that differ only in their sites and in the ranks they allow. In
/// floating-point formats the product may be stored as pivot rows and coefficients, which take fewer bytes and reach up
/// to full rank; see <see cref="FactorLayout"/>.
/// </summary>
/// <param name="branch">Name of the branch that the offers are made for.</param>
/// <param name="combines">Whether another branch's piece may be added.</param>
/// <param name="pivots">Whether the product may be stored as pivot rows and coefficients.</param>
internal sealed class LowRankSolver(string branch, bool combines, bool pivots)
{
    private readonly FactorLayout _layout = new(pivots);

    /// <summary>The offers of a site: one factorization gives the errors of all ranks.</summary>
    /// <param name="problem">The site's problem.</param>
    /// <param name="formats">Formats of the factors.</param>
    /// <param name="choose">The ranks to offer, ascending, given the highest one at which bytes are saved.</param>
    /// <param name="evenIfLarger">Whether to offer ranks whose factors are not smaller than the matrix.</param>
    internal IReadOnlyList<Offer> Offers(
        SiteProblem problem,
        IReadOnlyList<ValueFormat> formats,
        Func<WhitenedSpectrum, int, IEnumerable<int>> choose,
        bool evenIfLarger = false)
    {
        using WhitenedSpectrum spectrum = WhitenedSpectrum.Factorize(problem);
        int[][] ranks =
        [
            .. formats.Select(format => choose(spectrum, _layout.BreakEven(problem.Site, problem.Site.Rows, format))
                .Where(rank => evenIfLarger || SavesBytes(problem.Site, rank, format)).ToArray()),
        ];
        int highest = ranks.SelectMany(some => some).DefaultIfEmpty().Max();
        if (highest == 0)
        {
            return [];
        }

        using var probe = new RoundingNoiseMeter(
            problem,
            sample => spectrum.FactorsAt(highest, sample.Indices),
            spectrum.Energy,
            formats.Max(format => format.GroupSize));
        return
        [
            .. formats.Zip(ranks).SelectMany(
                pair => MakeOffers(problem.Site, spectrum, probe, pair.First, pair.Second)),
        ];
    }

    /// <summary>Builds the factors of an offer.</summary>
    /// <param name="problem">The site's problem.</param>
    /// <param name="offer">An offer that the solver made.</param>
    /// <param name="known">The number formats that the offer may name.</param>
    internal static FormMatrix Solve(SiteProblem problem, Offer offer, NumberFormatRegistry known)
    {
        ValueFormat format = OfferSetting.ReadFormat(offer, known);
        int rank = OfferSetting.ReadRank(offer, long.Min(problem.Site.Rows, problem.Site.Columns));
        bool asPivots = OfferSetting.ReadPivots(offer);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        using WhitenedSpectrum spectrum = WhitenedSpectrum.Factorize(problem);
        (Tensor up, Tensor down) = spectrum.Factors(rank);
        if (asPivots)
        {
            return PivotRowFactors.Form(problem, up, down, format);
        }

        if (!format.IsCoarse)
        {
            return LowRankForm.From(up, down, format, format);
        }

        StoredValues storedDown = format.Encode(down, ErrorWeights.Columns(problem));
        Tensor fitted = FactorFit.Up(
            problem.Target, problem.Inputs.Moment, storedDown.Value().to(ScalarType.Float64));
        Tensor rows = ErrorWeights.Rows(problem.OutputWeights);
        return new LowRankForm(format.Encode(fitted.t().contiguous(), rows), storedDown);
    }

    private bool SavesBytes(Site site, int rank, ValueFormat format) =>
        _layout.Bytes(site, rank, format) < format.StoredBytes(site.Rows, site.Columns);

    private IEnumerable<Offer> MakeOffers(
        Site site, WhitenedSpectrum spectrum, RoundingNoiseMeter probe, ValueFormat format, int[] ranks)
    {
        if (ranks.Length == 0)
        {
            return [];
        }

        RoundingNoise noise = probe.Measure(format, RankLadder.Probed(ranks));
        return ranks.Select(rank => new Offer(
            branch,
            _layout.Setting(site, rank, format),
            _layout.Bytes(site, rank, format),
            spectrum.Error(rank) + noise.At(rank),
            combines)
        {
            MultiplyAdds = rank * (site.Rows + site.Columns),
            CachedValues = long.Min(rank, site.Rows),
        });
    }
}
