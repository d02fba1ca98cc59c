using Hypercompress.Planning;
using Hypercompress.Sites;
using Hypercompress.Tests.Branches;

namespace Hypercompress.Tests.Sites;

public sealed class RateDistortionTests
{
    // Components 16, 4, 4 and 1: at a water level of 2 they get 3/2, 1/2, 1/2 and no bits, and cost 2, 2, 2 and 1.
    private static readonly RateCurve Small = RateDistortion.Curve([4, 1], [1, 4]);

    [Fact]
    public void Curve_FourComponents_IsTheOneByHand()
    {
        Assert.Equal(4, Small.Components);
        Assert.Equal(
            [(0, 4.0, 4.0), (1, 2.5, 7.0), (2, 1.0, 13.0), (3, 0.5, 17.0), (4, 0.0, 25.0)],
            Small.Points.Select(point => (point.Level, point.Bits, point.Error)));
    }

    [Theory]
    [InlineData(7, 2.5)]
    [InlineData(17, 0.5)]
    [InlineData(25, 0)]
    [InlineData(100, 0)]
    [InlineData(2, 6)]
    [InlineData(0.5, 10)]
    public void BitsFor_AnError_AreThoseByHand(double error, double bits)
    {
        Assert.Equal(bits, Small.BitsFor(error), 9);
        if (error <= 25)
        {
            Assert.Equal(error, Small.ErrorFor(bits), 9);
        }
    }

    [Fact]
    public void Sum_OfTwoSites_HasOneWaterLevel()
    {
        RateCurve large = RateDistortion.Curve([64], [1]);

        RateCurve both = RateCurve.Sum([Small, large, RateCurve.Empty]);

        // At level 1: 2.5 and ½ log₂(64 / 2) bits, errors 7 and 2.
        Assert.Equal(2.5 + 2.5, both.BitsFor(9), 9);
        Assert.Equal(5, both.Components);
        Assert.True(both.BitsFor(9) < Small.BitsFor(4.5) + large.BitsFor(4.5));
    }

    [Fact]
    public void Curve_OfAProblem_StartsAtItsEnergyForWhiteInputs()
    {
        using var site = new SyntheticSite(24, 16);

        RateCurve curve = RateDistortion.Curve(site.Problem);

        double perRow = site.Problem.Target.square().mean([1L]).to(TorchSharp.torch.ScalarType.Float64)
            .mul(site.Problem.OutputWeights).sum().item<double>();
        double trace = site.Problem.Inputs.Moment.trace().item<double>();
        Assert.Equal(0.5 * perRow * trace, curve.Points[^1].Error, 1e-6 * curve.Points[^1].Error);
        Assert.Equal(24 * 16, curve.Components);
        Assert.Equal(curve.Points.OrderBy(point => point.Level), curve.Points);
        Assert.Equal(curve.Points.OrderByDescending(point => point.Bits), curve.Points);
        Assert.Equal(curve.Points.OrderBy(point => point.Error), curve.Points);
    }

    [Fact]
    public void Limit_OfStoredSites_IsTheirDistance()
    {
        RateLimit? limit = RateLimit.Of([new StoredSite(4, 3, 7.0, Small)]);

        Assert.Equal((6.0, 0.625, 7.0), (limit!.Bits, limit.LimitBits, limit.Error));
        Assert.Equal(5.375, limit.Gap);

        // 24 bits are 20 more than at an error of 4: 5 octaves of it for each of the 4 components, twice that in
        // square.
        Assert.Equal(4.0 / 1024, limit.LimitError, 9);
        Assert.Null(RateLimit.Of([new StoredSite(4, 3, 0.0, Small)]));
        Assert.Null(RateLimit.Of([new StoredSite(4, 3, 1.0, RateCurve.Empty)]));
    }
}
