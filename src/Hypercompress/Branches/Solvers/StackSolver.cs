using System.Collections.Immutable;
using Hypercompress.Analysis;
using Hypercompress.Forms;
using Hypercompress.NumberFormats;
using static TorchSharp.torch;

namespace Hypercompress.Branches.Solvers;

/// <summary>
/// Offers and solves W_i' = U_i V with one V for sites that read the same input. V is stored, and counted, at the first of
/// them, its owner.
/// </summary>
/// <param name="branch">Name of the branch that the offers are made for.</param>
internal sealed class StackSolver(string branch)
{
    /// <summary>The stacked offers of some sites: one factorization gives the errors of all ranks.</summary>
    /// <param name="group">Problems of at least two sites with the same input, in the order of the decoder.</param>
    /// <param name="formats">Formats of the factors.</param>
    /// <param name="choose">The ranks to offer, ascending, given the highest one at which bytes are saved.</param>
    internal IReadOnlyList<OfferStack> Offers(
        IReadOnlyList<SiteProblem> group,
        IReadOnlyList<ValueFormat> formats,
        Func<StackedSpectrum, int, IEnumerable<int>> choose)
    {
        using var scope = NewDisposeScope();
        using StackedSpectrum spectrum = StackedSpectrum.Factorize(group);
        Site[] sites = [.. group.Select(problem => problem.Site)];
        int breakEven = RankLadder.BreakEven(sites.Sum(site => site.Rows), sites[0].Columns);
        int[][] ranks =
        [
            .. formats.Select(format => choose(spectrum, breakEven)
                .Where(rank => SavesBytes(sites, rank, format)).ToArray()),
        ];
        int highest = ranks.SelectMany(some => some).DefaultIfEmpty().Max();
        if (highest == 0)
        {
            return [];
        }

        double[][][] errors = Errors(group, spectrum, formats, ranks, highest);
        return
        [
            .. from format in Enumerable.Range(0, formats.Count)
               from rank in Enumerable.Range(0, ranks[format].Length)
               select Stack(sites, ranks[format][rank], formats[format], errors[format][rank]),
        ];
    }

    /// <summary>Builds the factors of a stack: the owner's first.</summary>
    /// <param name="group">The problems, in the order of the offers.</param>
    /// <param name="offer">Any of the offers: they have one setting.</param>
    internal static IReadOnlyList<FormMatrix> Solve(IReadOnlyList<SiteProblem> group, Offer offer)
    {
        ValueFormat format = OfferSetting.ReadFormat(offer);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        using StackedSpectrum spectrum = StackedSpectrum.Factorize(group);
        (ImmutableArray<Tensor> ups, Tensor down) = spectrum.Factors(OfferSetting.ReadRank(offer, spectrum.Largest));
        StoredValues shared = ValueCodec.Encode(down, format, format.IsCoarse ? ErrorWeights.Columns(group[0]) : null);
        var forms = new List<FormMatrix>();
        for (int site = 0; site < group.Count; site++)
        {
            StoredValues up = Up(group[site], ups[site], group[0], shared, format);
            forms.Add(site == 0 ? new LowRankForm(up, shared) : new SharedLatentForm(up, forms[0], group[0].Site.Name));
        }

        return forms;
    }

    // What rounding V or another site's correction of the inputs changed is made up for by U.
    private static StoredValues Up(SiteProblem problem, Tensor up, SiteProblem owner, StoredValues down, ValueFormat format)
    {
        using var scope = NewDisposeScope();
        bool fits = format.IsCoarse || !ReferenceEquals(problem.Inputs, owner.Inputs);
        Tensor fitted = fits
            ? FactorFit.Up(problem.Target, problem.Inputs.Moment, down.Value().to(ScalarType.Float64))
            : up;
        return ValueCodec.Encode(
            fitted.t().contiguous(), format, format.IsCoarse ? ErrorWeights.Rows(problem.OutputWeights) : null);
    }

    private static long Bytes(Site[] sites, int site, int rank, ValueFormat format) => site == 0
        ? LowRankForm.Bytes(sites[0].Rows, sites[0].Columns, rank, format, format)
        : format.StoredBytes(rank, sites[site].Rows);

    private static bool SavesBytes(Site[] sites, int rank, ValueFormat format) =>
        Enumerable.Range(0, sites.Length).Sum(site => Bytes(sites, site, rank, format))
            < sites.Sum(site => format.StoredBytes(site.Rows, site.Columns));

    // J by format, rank and site.
    private static double[][][] Errors(
        IReadOnlyList<SiteProblem> group,
        StackedSpectrum spectrum,
        IReadOnlyList<ValueFormat> formats,
        int[][] ranks,
        int highest)
    {
        using var scope = NewDisposeScope();
        (ImmutableArray<Tensor> ups, Tensor down) = spectrum.Factors(highest);
        double[][][] errors = [.. ranks.Select(some => some.Select(_ => new double[group.Count]).ToArray())];
        for (int site = 0; site < group.Count; site++)
        {
            using var probe = new RoundingProbe(
                group[site], ups[site], down, spectrum.Error(site, 0), formats.Max(format => format.GroupSize));
            foreach (int format in Enumerable.Range(0, formats.Count).Where(index => ranks[index].Length > 0))
            {
                RoundingNoise noise = probe.Measure(formats[format], RankLadder.Probed(ranks[format]));
                for (int rank = 0; rank < ranks[format].Length; rank++)
                {
                    errors[format][rank][site] = spectrum.Error(site, ranks[format][rank]) + noise.At(ranks[format][rank]);
                }
            }
        }

        return errors;
    }

    private OfferStack Stack(Site[] sites, int rank, ValueFormat format, double[] errors) => new(
        [.. sites.Select(site => site.Name)],
        [
            .. sites.Select((site, index) => new Offer(
                branch, OfferSetting.Of(format, rank), Bytes(sites, index, rank, format), errors[index])
            {
                Owner = sites[0].Name,
                MultiplyAdds = rank * (site.Rows + site.Columns),
            }),
        ]);
}
