using System.Collections.Immutable;
using Hypercompress.Forms;
using Hypercompress.NumberFormats;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Branches.Solvers;

/// <summary>
/// Measures the cost in J of rounding the factors of a stack at each site: of coarse formats on a sample of rows, as at
/// single sites; of others on the pieces themselves, since other sites can be badly conditioned combinations of the
/// owner's rows.
/// </summary>
internal static class StackNoise
{
    /// <summary>Measures a format.</summary>
    /// <param name="group">The problems; the first is the owner's.</param>
    /// <param name="spectrum">Their spectrum.</param>
    /// <param name="format">The format of all factors.</param>
    /// <param name="ranks">Ascending ranks to measure at.</param>
    /// <param name="asPivots">Whether the latent of a rank is made of rows of the owner.</param>
    /// <returns>The noise at each site.</returns>
    internal static RoundingNoise[] Measure(
        IReadOnlyList<SiteProblem> group,
        StackedSpectrum spectrum,
        ValueFormat format,
        ImmutableArray<int> ranks,
        Func<int, bool> asPivots)
    {
        if (format.IsCoarse)
        {
            return Sample(group, spectrum, format, ranks);
        }

        double[][] errors = [.. ranks.Select(rank => Errors(group, spectrum, rank, format, asPivots(rank)))];
        return
        [
            .. group.Select((_, site) => new RoundingNoise(
                [.. ranks.Select((rank, index) => (rank, errors[index][site] - spectrum.Error(site, rank)))],
                RoundingNoise.Floor(spectrum.Error(site, 0)))),
        ];
    }

    private static RoundingNoise[] Sample(
        IReadOnlyList<SiteProblem> group, StackedSpectrum spectrum, ValueFormat format, ImmutableArray<int> ranks)
    {
        using var scope = NewDisposeScope();
        (ImmutableArray<Tensor> ups, Tensor down) = spectrum.Factors(ranks[^1]);
        return
        [
            .. group.Select((problem, site) =>
            {
                using var probe = new RoundingNoiseMeter(
                    problem, sample => (sample.Rows(ups[site]), down), spectrum.Error(site, 0), format.GroupSize);
                return probe.Measure(format, ranks);
            }),
        ];
    }

    private static double[] Errors(
        IReadOnlyList<SiteProblem> group, StackedSpectrum spectrum, int rank, ValueFormat format, bool pivots)
    {
        using var scope = NewDisposeScope();
        List<FormMatrix> pieces = StackedPieces.Build(group, spectrum, rank, format, pivots);
        try
        {
            return [.. pieces.Zip(group, (piece, problem) => problem.Error(piece.Materialize()))];
        }
        finally
        {
            FormMatrix.Release(pieces);
        }
    }
}
