using Hypercompress.Branches.Solvers;

namespace Hypercompress.Tests.Branches.Solvers;

public sealed class RoundingNoiseTests
{
    [Fact]
    public void At_BetweenProbes_InterpolatesOnLogarithmicAxes()
    {
        var noise = new RoundingNoise([(1, 1e-4), (4, 4e-4), (16, 4e-4)], floor: 1e-9);
        Assert.Equal(2e-4, noise.At(2), 1e-12);
        Assert.Equal(4e-4, noise.At(8), 1e-12);
        Assert.Equal(1e-4, noise.At(1), 1e-12);
        Assert.Equal(4e-4, noise.At(20), 1e-12);
    }
}
