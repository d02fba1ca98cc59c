using System.Collections.Immutable;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.Planning.Outlook;
using Hypercompress.Sites;

namespace Hypercompress.Tests.Planning.Outlook;

public sealed class RunMemoryTests
{
    private const long Gigabyte = 1L << 30;

    [Fact]
    public void Of_SmallModel_HoldsItsWeights()
    {
        RunMemory memory = RunMemory.Of(1e6, Sites(1000, 1000), ceiling: null);
        Assert.False(memory.IsStreamed);
    }

    [Fact]
    public void Of_LowCeiling_StreamsWeightsAndKeepsFewDecoded()
    {
        RunMemory free = RunMemory.Of(1.1e9, Sites(32000, 2048), 64 * Gigabyte);
        RunMemory tight = RunMemory.Of(1.1e9, Sites(32000, 2048), 8 * Gigabyte);
        Assert.False(free.IsStreamed);
        Assert.True(tight.IsStreamed);
        Assert.InRange(tight.DecodedBytes, 1, 4 * Gigabyte);
        Assert.True(tight.PeakBytes < free.PeakBytes);
    }

    [Fact]
    public void Of_CeilingThatLeavesNothing_KeepsOneBlockDecoded()
    {
        RunMemory memory = RunMemory.Of(1e9, Sites(32000, 2048), Gigabyte / 2);
        Assert.True(memory.IsStreamed);
        Assert.InRange(memory.DecodedBytes, 1, Gigabyte / 4);
        var fault = Assert.Throws<InsufficientMemoryException>(() => memory.RequireWithin(Gigabyte / 2));
        Assert.Contains("--max-ram", fault.Message, StringComparison.Ordinal);
        memory.RequireWithin(memory.PeakBytes);
        memory.RequireWithin(null);
    }

    private static ImmutableArray<Site> Sites(long rows, long columns) =>
    [
        new Site("embedding", WeightSlotKind.Embedding, null, rows, columns),
        new Site("down", WeightSlotKind.Linear, 0, columns, columns),
    ];
}
