using System.Collections.Concurrent;
using Hypercompress.Sites.Scheduling;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Sites.Scheduling;

public sealed class ParallelSitesTests
{
    private static readonly SiteWork Small = new(1, 1);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Make_GivesWhatWasMadeInTheOrderOfTheItems(int threads)
    {
        var seen = new ConcurrentBag<int>();
        int[] made = ParallelSites.Map(
            [.. Enumerable.Range(0, 50)],
            item => new SiteWork(item % 7, 1),
            threads,
            item =>
            {
                seen.Add(Environment.CurrentManagedThreadId);
                Assert.False(is_grad_enabled());
                Thread.Sleep(item % 3);
                return item * item;
            },
            _ => Assert.Fail("nothing failed"),
            CancellationToken.None);

        Assert.Equal(Enumerable.Range(0, 50).Select(item => item * item), made);
        Assert.InRange(seen.Distinct().Count(), 1, threads);
    }

    // With both threads inside at once or never.
    [Fact]
    public void Make_WorksOnSeveralItemsAtATime()
    {
        using var both = new Barrier(2);
        bool[] met = ParallelSites.Map(
            [1, 2], _ => Small, 2, _ => both.SignalAndWait(TimeSpan.FromSeconds(30)), _ => { }, CancellationToken.None);

        Assert.Equal([true, true], met);
    }

    [Fact]
    public void Make_WithRoomForOneItem_WorksOnOneAtATime()
    {
        using IDisposable room = WorkRoom.Limit(15);
        int inside = 0;
        int[] seen = ParallelSites.Map(
            [1, 2, 3, 4],
            _ => new SiteWork(1, 10),
            2,
            _ =>
            {
                int now = Interlocked.Increment(ref inside);
                Thread.Sleep(10);
                Interlocked.Decrement(ref inside);
                return now;
            },
            null,
            CancellationToken.None);

        Assert.Equal([1, 1, 1, 1], seen);
    }

    [Fact]
    public void Make_TakesUpTheMostWorkFirst()
    {
        var taken = new List<int>();
        int Make(int item)
        {
            taken.Add(item);
            return item;
        }

        int[] made = ParallelSites.Map([3, 40, 5, 41], item => new SiteWork(item / 10, 1), 1, Make, null, CancellationToken.None);

        Assert.Equal([40, 41, 3, 5], taken);
        Assert.Equal([3, 40, 5, 41], made);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Make_WhenAnItemFails_DiscardsTheOthersAndStops(int threads)
    {
        var discarded = new ConcurrentBag<int>();
        int made = 0;
        int Fail(int item)
        {
            Interlocked.Increment(ref made);
            return item == 5 ? throw new InvalidDataException("five") : item;
        }

        Assert.Throws<InvalidDataException>(() => ParallelSites.Map(
            [.. Enumerable.Range(0, 1000)], _ => Small, threads, Fail, discarded.Add, CancellationToken.None));

        Assert.Equal(made - 1, discarded.Count);
        Assert.InRange(made, 6, 999);
    }

    [Fact]
    public void Make_Cancelled_StopsBetweenItems()
    {
        using var source = new CancellationTokenSource();
        var discarded = new List<int>();
        int Make(int item)
        {
            source.Cancel();
            return item;
        }

        Assert.Throws<OperationCanceledException>(
            () => ParallelSites.Map([7, 8], _ => Small, 1, Make, discarded.Add, source.Token));
        Assert.Equal([7], discarded);
    }
}
