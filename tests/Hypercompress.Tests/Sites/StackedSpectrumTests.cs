using System.Collections.Immutable;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.Sites;
using Hypercompress.Tests.Branches;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Sites;

[NoTensorLeaks]
public sealed class StackedSpectrumTests
{
    // H = diag(1, 4), so L = diag(1, 2). T_1 = [3 0] with g = 1 gives M_1 = [3 0]; T_2 = [0 1; 2 0] with g = (1, 4)
    // gives M_2 = [0 2; 4 0]. S_1 + S_2 = diag(9 + 16, 4): the first direction serves both, the second is the second
    // site's alone.
    [Fact]
    public void Factorize_DiagonalProblems_GivesHandComputedErrors()
    {
        using var scope = NewDisposeScope();
        using var inputs = new InputMoment(diag(tensor(new[] { 1.0, 4.0 })).DetachFromDisposeScope(), 100, damping: 0);
        using SiteProblem first = Problem(inputs, [[3, 0]], [1]);
        using SiteProblem second = Problem(inputs, [[0, 1], [2, 0]], [1, 4]);

        using StackedSpectrum spectrum = StackedSpectrum.Factorize([first, second]);

        Assert.Equal(2, spectrum.Largest);
        Assert.Equal([4.5, 0, 0], Enumerable.Range(0, 3).Select(rank => Math.Round(spectrum.Error(0, rank), 9)));
        Assert.Equal([10.0, 2, 0], Enumerable.Range(0, 3).Select(rank => Math.Round(spectrum.Error(1, rank), 9)));
        Assert.Equal((14.5, 2.0), (Math.Round(spectrum.Energy, 9), Math.Round(spectrum.Error(1), 9)));
        Assert.Equal([1, 2], new[] { 0.86, 0.87 }.Select(spectrum.AdaptiveRank));
        (ImmutableArray<Tensor> ups, Tensor down) = spectrum.Factors(1);
        Assert.Equal([3, 0], Rounded(ups[0].matmul(down)));
        Assert.Equal([0, 0, 2, 0], Rounded(ups[1].matmul(down)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Factors_OfEveryRank_CostEachSiteWhatTheSpectrumSays(bool correlated)
    {
        using var site = new SyntheticSite(20, 24, correlatedOutputs: correlated);
        using var other = new SyntheticSite(20, 24, seed: 2);
        using SiteProblem second = site.Problem.WithTarget(other.Problem.Target.clone());
        SiteProblem[] group = [site.Problem, second];
        using StackedSpectrum spectrum = StackedSpectrum.Factorize(group);
        foreach (int rank in new[] { 1, 3, 10, 24 })
        {
            using var scope = NewDisposeScope();
            (ImmutableArray<Tensor> ups, Tensor down) = spectrum.Factors(rank);
            for (int index = 0; index < group.Length; index++)
            {
                double measured = group[index].Error(ups[index].matmul(down).to(ScalarType.Float32));
                Assert.Equal(spectrum.Error(index, rank), measured, 2e-5 * spectrum.Energy);
            }
        }
    }

    [Fact]
    public void Error_OfOneSite_IsThatOfItsOwnSpectrum()
    {
        using var site = new SyntheticSite(40, 24);
        using StackedSpectrum stacked = StackedSpectrum.Factorize([site.Problem]);
        using WhitenedSpectrum single = WhitenedSpectrum.Factorize(site.Problem);
        Assert.All(
            Enumerable.Range(0, 25), rank =>
                Assert.Equal(single.Error(rank), stacked.Error(rank), 1e-9 * single.Energy));
    }

    [Fact]
    public void Factors_BeyondTheNumericalRank_ArePaddedAndExact()
    {
        using var site = new SyntheticSite(20, 12);
        using var scope = NewDisposeScope();
        using SiteProblem thin = site.Problem.WithTarget(ones(20, 12).DetachFromDisposeScope());
        using StackedSpectrum spectrum = StackedSpectrum.Factorize([thin, thin]);
        (ImmutableArray<Tensor> ups, Tensor down) = spectrum.Factors(5);
        Assert.True(ups[1].isfinite().all().item<bool>() && down.isfinite().all().item<bool>());
        Assert.True(thin.Error(ups[1].matmul(down).to(ScalarType.Float32)) < 1e-8 * spectrum.Energy);
    }

    [Fact]
    public void Factorize_NotFiniteTarget_NamesTheSite()
    {
        using var site = new SyntheticSite(8, 8);
        using SiteProblem broken = site.Problem.WithTarget(full(8, 8, float.NaN));
        var error = Assert.Throws<NumericalException>(() => StackedSpectrum.Factorize([site.Problem, broken]));
        Assert.Contains("synthetic", error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<double> Rounded(Tensor values) =>
        values.data<double>().Select(value => Math.Round(value, 6));

    private static SiteProblem Problem(InputMoment inputs, float[][] target, double[] weights)
    {
        Tensor values = stack([.. target.Select(row => tensor(row))]);
        var site = new Site("diagonal", WeightSlotKind.Linear, 0, target.Length, target[0].Length);
        return new SiteProblem(site, values.DetachFromDisposeScope(), inputs, tensor(weights));
    }
}
