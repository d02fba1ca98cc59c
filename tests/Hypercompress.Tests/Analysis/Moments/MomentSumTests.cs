using Hypercompress.Analysis;
using Hypercompress.Analysis.Moments;
using Hypercompress.Sequential;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Analysis.Moments;

[NoTensorLeaks]
public sealed class MomentSumTests
{
    // Narrower than a block, of one block, and of three of which the last is narrow.
    [Theory]
    [InlineData(5)]
    [InlineData(384)]
    [InlineData(800)]
    public void Mean_OfAnyWidth_IsTheWholeSecondMoment(long width)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        Tensor vectors = randn(3000, width, generator: generator);
        using var sum = new MomentSum(width, CPU);
        sum.Add(vectors.narrow(0, 0, 1000));
        sum.Add(vectors.narrow(0, 1000, 2000));

        Tensor exact = vectors.to(ScalarType.Float64);
        Assert.Equal(3000, sum.Count);
        Assert.True(sum.Mean().allclose(exact.t().matmul(exact) / 3000, rtol: 1e-5, atol: 1e-6));
        Assert.True(sum.Mean().eq(sum.Mean().t()).all().item<bool>());
    }

    [Fact]
    public void Means_OfDrift_AreThoseOfAllTokens()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        Tensor dense = randn(500, 400, generator: generator);
        Tensor drifted = dense + (randn(500, 400, generator: generator) * 0.1);
        Tensor gap = randn(500, 3, generator: generator);
        using var sums = new DriftSums(400, CPU);
        sums.Add(dense.narrow(0, 0, 200), drifted.narrow(0, 0, 200), gap.narrow(0, 0, 200));
        sums.Add(dense.narrow(0, 200, 300), drifted.narrow(0, 200, 300), gap.narrow(0, 200, 300));
        DriftMoments means = sums.Means();

        Tensor exact = drifted.to(ScalarType.Float64);
        bool Is(Tensor found, Tensor left) =>
            found.allclose(left.to(ScalarType.Float64).t().matmul(exact) / 500, rtol: 1e-5, atol: 1e-6);
        Assert.True(Is(means.Drifted, drifted));
        Assert.True(Is(means.Gap, dense - drifted));
        Assert.True(Is(means.Residual!, gap));
    }
}
