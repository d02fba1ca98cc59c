using System.Collections.Immutable;
using Hypercompress.Forms;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Branches.Solvers;

/// <summary>
/// Rounds the factors of a stack to what is stored: the owner's piece, and others that borrow its latent.
/// </summary>
internal static class StackedPieces
{
    /// <summary>Builds the pieces.</summary>
    /// <param name="group">The problems; the first is the owner's.</param>
    /// <param name="spectrum">Their spectrum.</param>
    /// <param name="rank">Width of the latent.</param>
    /// <param name="format">Format of all factors.</param>
    /// <param name="pivots">Whether the latent is made of rows of the owner.</param>
    /// <returns>One piece per site, which the caller disposes.</returns>
    internal static List<FormMatrix> Build(
        IReadOnlyList<SiteProblem> group, StackedSpectrum spectrum, int rank, ValueFormat format, bool pivots)
    {
        using var scope = NewDisposeScope();
        (ImmutableArray<Tensor> ups, Tensor down) = spectrum.Factors(rank);
        bool alike = group.All(problem => ReferenceEquals(problem.Inputs, group[0].Inputs));
        Tensor first = alike ? ups[0] : Fit(group[0], down).to(ScalarType.Float64);
        var pieces = new List<FormMatrix>();
        try
        {
            pieces.Add(
                pivots ? PivotRowFactors.Form(group[0], first, down, format) : Owner(group[0], first, down, format));
            Tensor stored = ((ILatentMatrix)pieces[0]).Encode(eye(down.shape[1], device: down.device)).t().to(
                ScalarType.Float64);
            for (int site = 1; site < group.Count; site++)
            {
                Tensor up = alike && !pivots ? ups[site] : Fit(group[site], stored);
                pieces.Add(new SharedLatentForm(Up(group[site], up, stored, format), pieces[0], group[0].Site.Name));
            }

            return pieces;
        }
        catch
        {
            FormMatrix.Release(pieces);
            throw;
        }
    }

    private static LowRankForm Owner(SiteProblem problem, Tensor up, Tensor down, ValueFormat format)
    {
        StoredValues stored = format.Encode(down, format.IsCoarse ? ErrorWeights.Columns(problem) : null);
        return LatentForm.Join(
            stored,
            () => Up(problem, up, stored.Value().to(ScalarType.Float64), format),
            (storedDown, storedUp) => new LowRankForm(storedUp, storedDown));
    }

    // U compensates for coarse rounding of V.
    private static StoredValues Up(SiteProblem problem, Tensor up, Tensor stored, ValueFormat format)
    {
        Tensor fitted = format.IsCoarse ? Fit(problem, stored) : up;
        return format.Encode(
            fitted.t().contiguous(), format.IsCoarse ? ErrorWeights.Rows(problem.OutputWeights) : null);
    }

    private static Tensor Fit(SiteProblem problem, Tensor down) =>
        FactorFit.Up(problem.Target, problem.Inputs.Moment, down);
}
