using Hypercompress.Models.Kernels;

namespace Hypercompress.Models.Tests.Kernels;

public sealed class WorkerPoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Run_AnyCounts_DoesEachThingOnce(int threads)
    {
        using var pool = new WorkerPool(threads);
        for (int round = 0; round < 200; round++)
        {
            var done = new int[round];
            pool.Run(round, 1 + (round % 7), (first, end) =>
            {
                for (int i = first; i < end; i++)
                {
                    Interlocked.Increment(ref done[i]);
                }
            });
            Assert.All(done, times => Assert.Equal(1, times));
        }
    }

    [Fact]
    public void Run_AfterThePoolHasFallenAsleep_StillDoesEverything()
    {
        using var pool = new WorkerPool(3);
        int sum = 0;
        for (int round = 0; round < 5; round++)
        {
            Thread.Sleep(20);
            pool.Run(10, 1, (first, end) => Interlocked.Add(ref sum, end - first));
        }

        Assert.Equal(50, sum);
    }

    [Fact]
    public void Run_WorkFails_ThrowsAndGoesOn()
    {
        using var pool = new WorkerPool(2);
        Assert.Throws<InvalidOperationException>(() => pool.Run(
            8, 1, (first, _) => throw new InvalidOperationException($"piece {first}")));
        int sum = 0;
        pool.Run(8, 1, (first, end) => Interlocked.Add(ref sum, end - first));
        Assert.Equal(8, sum);
    }

    [Fact]
    public void Run_FromSeveralThreads_KeepsTheirWorkApart()
    {
        using var pool = new WorkerPool(2);
        var sums = new long[4];
        Thread[] callers =
        [
            .. Enumerable.Range(0, sums.Length).Select(caller => new Thread(() =>
            {
                for (int round = 0; round < 300; round++)
                {
                    pool.Run(16, 2, (first, end) => Interlocked.Add(ref sums[caller], end - first));
                }
            })),
        ];
        Array.ForEach(callers, caller => caller.Start());
        Array.ForEach(callers, caller => caller.Join());
        Assert.All(sums, sum => Assert.Equal(300 * 16, sum));
    }
}
