using Hypercompress.Sequential;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Sequential;

public sealed class DriftCorrectionTests
{
    [Theory]
    [InlineData(4000, true)]
    [InlineData(20, false)]
    [NoTensorLeaks]
    public void Choose_ByTheOtherHalf_CorrectsOnlyWhatTheTokensDetermine(int tokens, bool corrects)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        Tensor mix = eye(16) + (randn(16, 16, generator: generator) * 0.1);
        DriftMoments Half()
        {
            Tensor dense = randn(tokens, 16, generator: generator);
            Tensor drifted = dense.matmul(mix) + (randn(tokens, 16, generator: generator) * 0.7);
            using var sums = new DriftSums(16, CPU);
            sums.Add(dense, drifted, null);
            return sums.Means();
        }

        Tensor weight = randn(8, 16, dtype: ScalarType.Float64, generator: generator);
        Tensor prices = ones(8, dtype: ScalarType.Float64);
        double[] blends =
            DriftCorrection.Choose(
            [weight], [prices], eye(16, dtype: ScalarType.Float64), new DriftHalves(Half(), Half()));
        Assert.Equal(corrects, Assert.Single(blends) < 0.5);
    }

    [Fact]
    public void Choose_WhereNothingDrifts_CorrectsNothing()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        Tensor inputs = randn(500, 8, generator: generator);
        using var sums = new DriftSums(8, CPU);
        sums.Add(inputs, inputs.clone(), null);
        Tensor weight = randn(3, 8, dtype: ScalarType.Float64, generator: generator);
        Tensor dense = eye(8, dtype: ScalarType.Float64);
        var halves = new DriftHalves(sums.Means(), sums.Means());
        Assert.True(new DriftFit(weight, dense, halves.First).MissesNothing);
        Assert.Equal(
            DriftCorrection.None,
            Assert.Single(DriftCorrection.Choose([weight], [ones(3, dtype: ScalarType.Float64)], dense, halves)));
    }

    // One matrix reads what drifted, the other what did not: only the first has something to make up for.
    [Fact]
    public void Choose_ForAGroup_ChoosesForEachMatrix()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        DriftMoments Half()
        {
            Tensor dense = randn(500, 8, generator: generator);
            Tensor drifted = dense.clone();
            drifted.narrow(1, 0, 4).mul_(0.5);
            using var sums = new DriftSums(8, CPU);
            sums.Add(dense, drifted, null);
            return sums.Means();
        }

        Tensor reads(int first) => cat([zeros(3, first), ones(3, 4), zeros(3, 4 - first)], 1).to(ScalarType.Float64);
        Tensor prices = ones(3, dtype: ScalarType.Float64);
        double[] blends = DriftCorrection.Choose(
            [reads(0), reads(4)], [prices, prices], eye(8, dtype: ScalarType.Float64), new DriftHalves(Half(), Half()));
        Assert.Equal(0.1, blends[0]);
        Assert.Equal(1, blends[1]);
    }
}
