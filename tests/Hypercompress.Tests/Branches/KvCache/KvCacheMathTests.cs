using Hypercompress.Branches.KvCache;

namespace Hypercompress.Tests.Branches.KvCache;

public sealed class KvCacheMathTests
{
    [Theory]
    [InlineData(384, 576, null, 383)]
    [InlineData(1024, 576, null, 576)]
    [InlineData(384, 576, 16, 16)]
    public void WidestLatent_OfKeysAndValues_IsNarrowerThanThem(
        long rows, long columns, int? configured, int expected) =>
        Assert.Equal(expected, KvCacheMath.WidestLatent(rows, columns, configured));
}
