using Hypercompress.Branches.ByteLatent;

namespace Hypercompress.Tests.Branches.ByteLatent;

public sealed class ByteLatentMathTests
{
    [Theory]
    [InlineData(49152, 576, 0.95, 28)]
    [InlineData(100, 10, 0.999, 1)]
    [InlineData(100, 10, 0.0, 9)]
    public void WidestLatent_OfAnEmbedding_RemovesTheShare(
        long vocabulary, long width, double reduction, int expected) =>
        Assert.Equal(expected, ByteLatentMath.WidestLatent(vocabulary, width, reduction));
}
