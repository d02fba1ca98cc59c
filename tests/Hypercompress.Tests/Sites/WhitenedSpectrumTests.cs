using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.Sites;
using Hypercompress.Tests.Branches;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Sites;

[NoTensorLeaks]
public sealed class WhitenedSpectrumTests
{
    // T = diag(3, 2, 1), H = diag(1, 4, 1), g = (1, 1, 16): M = diag(3, 4, 4), so σ² = 16, 16, 9.
    [Fact]
    public void Factorize_DiagonalProblem_GivesHandComputedSquares()
    {
        using SiteProblem problem =
            Diagonal([3, 2, 1], [1, 4, 1], [1, 1, 16], out InputMoment moment, out Tensor weights);
        using WhitenedSpectrum spectrum = WhitenedSpectrum.Factorize(problem);
        Assert.Equal([16.0, 16.0, 9.0], spectrum.Squares.Select(square => Math.Round(square, 9)));
        Assert.Equal(20.5, spectrum.Energy, 9);
        Assert.Equal(4.5, spectrum.Error(2), 9);
        Assert.Equal(3, spectrum.Rank);
        (Tensor up, Tensor down) = spectrum.Factors(2);
        using Tensor product = up.matmul(down);
        Assert.Equal([0, 0, 0, 0, 2, 0, 0, 0, 1], product.data<double>().Select(value => Math.Round(value, 9)));
        up.Dispose();
        down.Dispose();
        moment.Dispose();
        weights.Dispose();
    }

    // T = I, H = I and G = [[2, 1.4], [1.4, 2]] (2 correlated by 1, shrunk by 0.3): σ² are G's eigenvalues 3.4 and 0.6.
    [Fact]
    public void Factorize_CorrelatedOutputs_GivesHandComputedSquares()
    {
        using var scope = NewDisposeScope();
        Tensor weights = tensor(new[] { 2.0, 2.0 });
        using var outputs = new OutputMoment(tensor(new[] { 2.0, 2.0, 2.0, 2.0 }).view(2, 2), weights, shrinkage: 0.3);
        using var inputs = new InputMoment(eye(2, dtype: ScalarType.Float64).DetachFromDisposeScope(), 100, damping: 0);
        var site = new Site("correlated", WeightSlotKind.Linear, 0, 2, 2);
        using var problem = new SiteProblem(site, eye(2).DetachFromDisposeScope(), inputs, weights, outputs: outputs);
        using WhitenedSpectrum spectrum = WhitenedSpectrum.Factorize(problem);
        Assert.Equal([3.4, 0.6], spectrum.Squares.Select(square => Math.Round(square, 9)));
        Assert.Equal(2, problem.Energy(), 6);

        // What is kept is the common direction: half the sum of both rows in each.
        (Tensor up, Tensor down) = spectrum.Factors(1);
        Assert.Equal([0.5, 0.5, 0.5, 0.5], up.matmul(down).data<double>().Select(value => Math.Round(value, 9)));
    }

    // A tall matrix passes in several parts.
    [Theory]
    [InlineData(24, 40, 20)]
    [InlineData(60_000, 160, 160)]
    public void FactorsAt_SomeRows_AreThoseOfAllRows(long rows, long columns, int rank)
    {
        using var scope = NewDisposeScope();
        using var site = new SyntheticSite(rows, columns);
        using WhitenedSpectrum spectrum = WhitenedSpectrum.Factorize(site.Problem);
        Tensor some = tensor(new[] { 0, 7, rows - 1 });

        (Tensor up, Tensor down) = spectrum.FactorsAt(rank, some);
        (Tensor all, Tensor same) = spectrum.Factors(rank);

        Assert.True(down.allclose(same));
        Assert.True(up.allclose(all.index_select(0, some)));
        Assert.True(all.square().mean([0]).allclose(same.square().mean([1])));
    }

    [Theory]
    [InlineData(24, 40, false)]
    [InlineData(40, 24, false)]
    [InlineData(32, 32, false)]
    [InlineData(24, 40, true)]
    [InlineData(40, 24, true)]
    public void Factors_OfEveryRank_CostWhatTheSpectrumSays(long rows, long columns, bool correlated)
    {
        using var site = new SyntheticSite(rows, columns, correlatedOutputs: correlated);
        using WhitenedSpectrum spectrum = WhitenedSpectrum.Factorize(site.Problem);
        Assert.Equal(site.Problem.Energy(), spectrum.Energy, 1e-4 * spectrum.Energy);
        foreach (int rank in new[] { 1, 3, 10, 24 })
        {
            using var scope = NewDisposeScope();
            (Tensor up, Tensor down) = spectrum.Factors(rank);
            double measured = site.Problem.Error(up.matmul(down).to(ScalarType.Float32));
            Assert.Equal(spectrum.Error(rank), measured, 2e-5 * spectrum.Energy);
        }
    }

    [Fact]
    public void Factors_UnderTheSitesError_BeatThePlainSingularVectors()
    {
        using var site = new SyntheticSite(40, 24);
        using var scope = NewDisposeScope();
        using WhitenedSpectrum spectrum = WhitenedSpectrum.Factorize(site.Problem);
        (Tensor u, Tensor s, Tensor vh) = linalg.svd(site.Problem.Target, fullMatrices: false);
        Tensor plain = (u.narrow(1, 0, 6) * s.narrow(0, 0, 6)).matmul(vh.narrow(0, 0, 6));
        Assert.True(spectrum.Error(6) < 0.5 * site.Problem.Error(plain));
    }

    [Fact]
    public void Factors_BeyondTheNumericalRank_ArePaddedAndExact()
    {
        using var site = new SyntheticSite(20, 12);
        using var scope = NewDisposeScope();
        Tensor thin = randn(20, 2).matmul(randn(2, 12));
        using SiteProblem problem = site.Problem.WithTarget(thin.DetachFromDisposeScope());
        using WhitenedSpectrum spectrum = WhitenedSpectrum.Factorize(problem);
        (Tensor up, Tensor down) = spectrum.Factors(5);
        Assert.Equal([20, 5], up.shape);
        Assert.True(up.isfinite().all().item<bool>() && down.isfinite().all().item<bool>());
        Assert.True(problem.Error(up.matmul(down).to(ScalarType.Float32)) < 1e-8 * spectrum.Energy);
    }

    [Fact]
    public void AdaptiveRank_HalfOfTheEnergy_IsTheFirstThatRetainsIt()
    {
        using SiteProblem problem =
            Diagonal([3, 2, 1], [1, 1, 1], [1, 1, 1], out InputMoment moment, out Tensor weights);
        using WhitenedSpectrum spectrum = WhitenedSpectrum.Measure(problem);
        Assert.Equal(1, spectrum.AdaptiveRank(0.6));
        Assert.Equal(2, spectrum.AdaptiveRank(0.9));
        Assert.Equal(3, spectrum.AdaptiveRank(0.99));
        Assert.Throws<InvalidOperationException>(() => spectrum.Factors(1));
        moment.Dispose();
        weights.Dispose();
    }

    [Fact]
    public void Factorize_NotFiniteTarget_NamesTheSite()
    {
        using var site = new SyntheticSite(8, 8);
        using SiteProblem broken = site.Problem.WithTarget(full(8, 8, float.NaN));
        var error = Assert.Throws<NumericalException>(() => WhitenedSpectrum.Factorize(broken));
        Assert.Contains("synthetic", error.Message, StringComparison.Ordinal);
    }

    private static SiteProblem Diagonal(
        float[] target, double[] moment, double[] weights, out InputMoment inputs, out Tensor outputWeights)
    {
        using var scope = NewDisposeScope();
        inputs = new InputMoment(diag(tensor(moment)).DetachFromDisposeScope(), 100, damping: 0);
        outputWeights = tensor(weights).DetachFromDisposeScope();
        var site = new Site("diagonal", WeightSlotKind.Linear, 0, target.Length, target.Length);
        return new SiteProblem(site, diag(tensor(target)).DetachFromDisposeScope(), inputs, outputWeights);
    }
}
