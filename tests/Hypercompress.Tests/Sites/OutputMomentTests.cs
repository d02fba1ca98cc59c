using Hypercompress.Models.Errors;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Sites;

public sealed class OutputMomentTests
{
    // Correlations r and s of two outputs: the noise of their mean is (r - s)²/4, what both agree on r s.
    [Theory]
    [InlineData(0.5, 0.3, 0.01 / (0.01 + 0.15))]
    [InlineData(0.5, 0.5, 0)]
    [InlineData(0.5, -0.5, 1)]
    [InlineData(0.5, 0, 1)]
    [InlineData(0, 0, 1)]
    [NoTensorLeaks]
    public void ShrinkageOf_TwoHalves_IsTheShareOfNoise(double first, double second, double expected)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(expected, OutputMoment.ShrinkageOf(Moment(first, 4), Moment(second, 9)), 1e-12);
    }

    [Fact]
    public void ShrinkageOf_AnOutputWithoutGradients_IsThatOfTheOthers()
    {
        using var scope = NewDisposeScope();
        Tensor first = zeros(3, 3, dtype: ScalarType.Float64);
        Tensor second = zeros(3, 3, dtype: ScalarType.Float64);
        first.narrow(0, 0, 2).narrow(1, 0, 2).copy_(Moment(0.5, 4));
        second.narrow(0, 0, 2).narrow(1, 0, 2).copy_(Moment(0.3, 9));
        Assert.Equal(0.0625, OutputMoment.ShrinkageOf(first, second), 1e-12);
    }

    [Fact]
    public void New_NotFinite_SaysSo()
    {
        using var scope = NewDisposeScope();
        Tensor moment = eye(2, dtype: ScalarType.Float64);
        moment[0, 1] = double.NaN;
        Assert.Throws<NumericalException>(
            () => new OutputMoment(moment, ones(2, dtype: ScalarType.Float64), shrinkage: 0));
    }

    // Variances 1 and v.
    private static Tensor Moment(double correlation, double variance)
    {
        double mixed = correlation * Math.Sqrt(variance);
        return tensor(new[] { 1, mixed, mixed, variance }).view(2, 2);
    }
}
