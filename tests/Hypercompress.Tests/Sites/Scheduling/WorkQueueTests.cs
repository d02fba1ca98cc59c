using Hypercompress.Sites.Scheduling;

namespace Hypercompress.Tests.Sites.Scheduling;

public sealed class WorkQueueTests
{
    [Fact]
    public void TryTake_MostWorkComesFirst()
    {
        var queue = new WorkQueue([new(1, 1), new(9, 1), new(1, 1), new(5, 1)], room: 4);
        Assert.Equal([1, 3, 0, 2], Taken(queue, 4));
        Assert.False(queue.TryTake(out _));
    }

    // 6 and 6 of room for 10: the second large item waits, and a small one goes before it.
    [Fact]
    public void TryTake_WhereTheNextHasNoRoom_GivesALaterOne()
    {
        var queue = new WorkQueue([new(9, 6), new(8, 6), new(1, 4), new(1, 1)], room: 10);
        Assert.Equal([0, 2], Taken(queue, 2));
        queue.Finish(0);
        Assert.Equal([1], Taken(queue, 1));
    }

    [Fact]
    public async Task TryTake_AnItemBeyondTheRoom_IsAlone()
    {
        var queue = new WorkQueue([new(9, 60), new(1, 1)], room: 10);
        Assert.Equal([0], Taken(queue, 1));
        Task<int> next = Task.Run(() => Taken(queue, 1)[0], TestContext.Current.CancellationToken);
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.False(next.IsCompleted);
        queue.Finish(0);
        Assert.Equal(1, await next);
    }

    [Fact]
    public async Task Stop_EndsThoseWhoWait()
    {
        var queue = new WorkQueue([new(9, 60), new(1, 1)], room: 10);
        Taken(queue, 1);
        Task<bool> next = Task.Run(() => queue.TryTake(out _), TestContext.Current.CancellationToken);
        queue.Stop();
        Assert.False(await next);
    }

    private static int[] Taken(WorkQueue queue, int count)
    {
        var taken = new int[count];
        for (int index = 0; index < count; index++)
        {
            Assert.True(queue.TryTake(out taken[index]));
        }

        return taken;
    }
}
