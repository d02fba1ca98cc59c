using Hypercompress.Analysis;
using Hypercompress.Forms;
using Hypercompress.NumberFormats;
using static TorchSharp.torch;

namespace Hypercompress.Branches.Solvers;

/// <summary>
/// Offers and solves W' = U V for the branches that differ only in where they work and which ranks they allow.
/// </summary>
/// <param name="branch">Name of the branch that the offers are made for.</param>
/// <param name="combines">Whether another branch's piece may be added.</param>
internal sealed class LowRankSolver(string branch, bool combines)
{
    /// <summary>The offers of a site: one factorization gives the errors of all ranks.</summary>
    /// <param name="problem">The site's problem.</param>
    /// <param name="formats">Formats of the factors.</param>
    /// <param name="choose">The ranks to offer, ascending.</param>
    /// <param name="evenIfLarger">Whether to offer ranks whose factors are no smaller than the matrix.</param>
    internal IReadOnlyList<Offer> Offers(
        SiteProblem problem,
        IReadOnlyList<ValueFormat> formats,
        Func<WhitenedSpectrum, IEnumerable<int>> choose,
        bool evenIfLarger = false)
    {
        using WhitenedSpectrum spectrum = WhitenedSpectrum.Factorize(problem);
        int[] ranks = [.. choose(spectrum)];
        if (ranks.Length == 0)
        {
            return [];
        }

        using var probe = new RoundingProbe(problem, spectrum, ranks[^1], formats.Max(format => format.GroupSize));
        return
        [
            .. formats.SelectMany(format =>
            {
                long dense = format.StoredBytes(problem.Site.Rows, problem.Site.Columns);
                int[] worth = [.. ranks.Where(rank => evenIfLarger || Bytes(problem.Site, rank, format) < dense)];
                return MakeOffers(problem.Site, spectrum, probe, format, worth);
            }),
        ];
    }

    /// <summary>Builds the factors of an offer.</summary>
    internal static FormMatrix Solve(SiteProblem problem, Offer offer)
    {
        ValueFormat format = OfferSetting.ReadFormat(offer);
        int rank = OfferSetting.ReadRank(offer, long.Min(problem.Site.Rows, problem.Site.Columns));
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        using WhitenedSpectrum spectrum = WhitenedSpectrum.Factorize(problem);
        (Tensor up, Tensor down) = spectrum.Factors(rank);
        if (!format.IsCoarse)
        {
            return LowRankForm.From(up, down, format, format);
        }

        StoredValues storedDown = ValueCodec.Encode(down, format, ErrorWeights.Columns(problem));
        Tensor fitted = FactorFit.Up(
            problem.Target, problem.Inputs.Moment, storedDown.Value().to(ScalarType.Float64));
        Tensor rows = ErrorWeights.Rows(problem.OutputWeights);
        return new LowRankForm(ValueCodec.Encode(fitted.t().contiguous(), format, rows), storedDown);
    }

    private static long Bytes(Site site, int rank, ValueFormat format) =>
        LowRankForm.Bytes(site.Rows, site.Columns, rank, format, format);

    private IEnumerable<Offer> MakeOffers(
        Site site, WhitenedSpectrum spectrum, RoundingProbe probe, ValueFormat format, int[] ranks)
    {
        if (ranks.Length == 0)
        {
            return [];
        }

        int[] probed = [.. new[] { ranks[0], ranks[ranks.Length / 2], ranks[^1] }.Distinct()];
        RoundingNoise noise = probe.Measure(format, probed);
        return ranks.Select(rank => new Offer(
            branch,
            OfferSetting.Of(format, rank),
            Bytes(site, rank, format),
            spectrum.Error(rank) + noise.At(rank),
            combines)
        {
            MultiplyAdds = rank * (site.Rows + site.Columns),
            CachedValues = long.Min(rank, site.Rows),
        });
    }
}
