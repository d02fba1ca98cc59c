using Hypercompress.Pipeline.Solving;
using Hypercompress.Sequential;
using Hypercompress.Targets;

namespace Hypercompress.Tests.Pipeline.Solving;

public sealed class SolvingOrderTests
{
    [Theory]
    [InlineData(null, 0, 0.02, false)]
    [InlineData(null, 0, 0.06, true)]
    [InlineData(null, 2, 0.02, true)]
    [InlineData(true, 0, 0.02, true)]
    [InlineData(false, 0, 0.06, false)]
    public void Of_DecidesByTheExpectedLoss_UnlessItIsDecided(bool? enabled, int passes, double excess, bool expected)
    {
        SolvingOrder order =
            SolvingOrder.Of(
                new SequentialOptions { Enabled = enabled, RefinePasses = passes }, excess, RuntimeTargets.Own);

        Assert.Equal(expected, order.IsSequential);
        Assert.Equal(enabled is null, order.Reason is not null);
        Assert.Matches("^(blocks .*[^.])?$", order.Reason ?? "");
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(false, false)]
    public void Of_ForARuntimeWhoseMatricesDoNotTrain_IsInOrder(bool? enabled, bool expected) => Assert.Equal(
        expected,
        SolvingOrder.Of(new SequentialOptions { Enabled = enabled }, 0.001, RuntimeTargets.Find("gguf")).IsSequential);
}
