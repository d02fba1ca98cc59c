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

    // A vocabulary of 128,256 in a model of 1 billion: the two largest matrices are not solved side by side.
    [Fact]
    public void Of_LowCeiling_LeavesRoomForOneLargeMatrix()
    {
        ImmutableArray<Site> one = [new("embedding", WeightSlotKind.Embedding, null, 128_256, 2048)];
        ImmutableArray<Site> two = [.. one, new("head", WeightSlotKind.Head, null, 128_256, 2048)];
        RunMemory memory = RunMemory.Of(1.2e9, two, 8 * Gigabyte);
        long ofOne = RunMemory.Of(1.2e9, one, 8 * Gigabyte).PeakBytes;
        Assert.InRange(memory.PeakBytes, ofOne, ofOne + (Gigabyte / 10));
        Assert.True(memory.ValuesAtWork < 2 * one[0].ElementCount);
        Assert.True(memory.PeakBytes < 8 * Gigabyte);
    }

    private static ImmutableArray<Site> Sites(long rows, long columns) =>
    [
        new Site("embedding", WeightSlotKind.Embedding, null, rows, columns),
        new Site("down", WeightSlotKind.Linear, 0, columns, columns),
    ];
}
