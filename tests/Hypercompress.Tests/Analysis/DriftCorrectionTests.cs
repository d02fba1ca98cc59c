using Hypercompress.Analysis;
using Hypercompress.TestKit;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Analysis;

public sealed class DriftCorrectionTests
{
    // x̂ = x / 2 and W = 3: the target is 6. With ε = 1/2 it is W + ½ · 3 (½ − ¼) / (½ · ¼ + ½ · 1) = 3.6.
    [Theory]
    [InlineData(0.0, 6.0)]
    [InlineData(0.5, 3.6)]
    [InlineData(1.0, 3.0)]
    public void Target_OfAHalvedInput_DoublesTheWeight(double blend, double expected)
    {
        using var scope = NewDisposeScope();
        var moments = new DriftMoments(Scalar(0.25), Scalar(0.5), null);
        Assert.Equal(expected, DriftCorrection.Target(Scalar(3), Scalar(1), moments, blend).item<double>(), 12);
    }

    // What the stream lacks is added to what the matrix has to write: T = (W K + D) / Ĉ = (3 · 0.5 + 0.1) / 0.25.
    [Fact]
    public void Target_WithAResidualGap_MakesUpForIt()
    {
        using var scope = NewDisposeScope();
        var moments = new DriftMoments(Scalar(0.25), Scalar(0.5), Scalar(0.1));
        Assert.Equal(6.4, DriftCorrection.Target(Scalar(3), Scalar(1), moments, 0).item<double>(), 12);
    }

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
        double blend = DriftCorrection.Choose(
            weight, ones(8, dtype: ScalarType.Float64), eye(16, dtype: ScalarType.Float64), (Half(), Half()));
        Assert.Equal(corrects, blend < 0.5);
    }

    private static Tensor Scalar(double value) => tensor(new[,] { { value } });
}
