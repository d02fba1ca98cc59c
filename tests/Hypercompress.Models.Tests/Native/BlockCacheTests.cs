using Hypercompress.Models.Native;

namespace Hypercompress.Models.Tests.Native;

public sealed class BlockCacheTests
{
    private const long Size = 1 << 20;
    private readonly Clock _clock = new();
    private readonly List<nint> _given = [];
    private readonly BlockCache _cache;
    private int _taken;

    public BlockCacheTests() => _cache = new BlockCache(_ => ++_taken, _given.Add, _clock);

    [Theory]
    [InlineData(1 << 20)]
    [InlineData((1 << 20) + 1)]
    [InlineData(1_500_000)]
    [InlineData((1L << 34) - 1)]
    public void SizeOf_AnyBytes_IsAtMostAnEighthMore(long bytes)
    {
        Assert.InRange(BlockCache.SizeOf(bytes), bytes, bytes + (bytes / 8));
        Assert.Equal(BlockCache.SizeOf(bytes), BlockCache.SizeOf(BlockCache.SizeOf(bytes)));
    }

    [Fact]
    public void Take_AfterABlockOfTheSizeWasFreed_IsThatBlock()
    {
        nint first = _cache.Take(Size);
        _cache.Return(first, Size);
        Assert.Equal(first, _cache.Take(Size));
        Assert.Equal(0, _cache.IdleBytes);
        Assert.NotEqual(first, _cache.Take(Size));
    }

    [Fact]
    public void Take_OfOtherSizes_NeverHoldsMuchMoreThanWasInUse()
    {
        nint[] blocks = [.. Enumerable.Range(0, 8).Select(_ => _cache.Take(Size))];
        Array.ForEach(blocks, block => _cache.Return(block, Size));
        Assert.Equal(8 * Size, _cache.IdleBytes);
        _cache.Take(4 * Size);

        // 8 and an eighth may be held, 4 of them in use.
        Assert.Equal(5 * Size, _cache.IdleBytes);
        Assert.Equal(blocks[..3], _given);
    }

    [Fact]
    public void Return_AfterAWhile_GivesBackWhatNobodyWanted()
    {
        (nint first, nint second) = (_cache.Take(Size), _cache.Take(Size));
        _cache.Return(first, Size);
        _clock.Now += BlockCache.Patience + TimeSpan.FromSeconds(1);
        _cache.Return(second, Size);
        Assert.Equal([first], _given);
        Assert.Equal(second, _cache.Take(Size));
    }

    [Fact]
    public void Take_WhenTheSystemHasNoMemory_CountsNothing()
    {
        bool fails = true;
        var cache = new BlockCache(
            _ => fails ? throw new InsufficientMemoryException() : 1, _given.Add, _clock);
        Assert.ThrowsAny<OutOfMemoryException>(() => cache.Take(64 * Size));
        fails = false;
        cache.Return(cache.Take(Size), Size);
        nint other = cache.Take(2 * Size);
        cache.Return(other, 2 * Size);

        // Had the block that failed counted as in use, both would be kept.
        Assert.Equal(2 * Size, cache.IdleBytes);
    }

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
