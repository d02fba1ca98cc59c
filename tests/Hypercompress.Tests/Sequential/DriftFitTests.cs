using Hypercompress.Sequential;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Sequential;

public sealed class DriftFitTests
{
    // x̂ = x / 2 and W = 3: the target is 6. With ε = 1/2 it is W + ½ · 3 (½ − ¼) / (½ · ¼ + ½ · 1) = 3.6.
    [Theory]
    [InlineData(0.0, 6.0)]
    [InlineData(0.5, 3.6)]
    [InlineData(1.0, 3.0)]
    public void Target_OfAHalvedInput_DoublesTheWeight(double blend, double expected)
    {
        using var scope = NewDisposeScope();
        var moments = new DriftMoments(Scalar(0.25), Scalar(0.25), null);
        Assert.Equal(expected, new DriftFit(Scalar(3), Scalar(1), moments).Target(blend).item<double>(), 12);
    }

    // What the stream lacks is added to what the matrix has to write: T = (W K + D) / Ĉ = (3 · 0.5 + 0.1) / 0.25.
    [Fact]
    public void Target_WithAResidualGap_MakesUpForIt()
    {
        using var scope = NewDisposeScope();
        var moments = new DriftMoments(Scalar(0.25), Scalar(0.25), Scalar(0.1));
        Assert.Equal(6.4, new DriftFit(Scalar(3), Scalar(1), moments).Target(0).item<double>(), 12);
    }

    // T Ĉ Tᵀ − 2 W K Tᵀ: 36 · 0.25 − 2 · 3 · 0.5 · 6 with the target, all of the E(w x)² = 9 there is to make up for.
    [Fact]
    public void RowErrors_AreLeastAtTheTarget()
    {
        using var scope = NewDisposeScope();
        var fit = new DriftFit(Scalar(3), Scalar(1), new DriftMoments(Scalar(0.25), Scalar(0.25), null));
        Assert.Equal(-9, fit.RowErrors(Scalar(6)).item<double>(), 12);
        Assert.Equal(-6.75, fit.RowErrors(Scalar(3)).item<double>(), 12);
    }

    private static Tensor Scalar(double value) => tensor(new[,] { { value } });
}
