namespace Hypercompress.Server.Tests;

public sealed class GenerationQueueTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Enter_MoreThanFit_WaitThenAreRefused()
    {
        using var queue = new GenerationQueue(parallel: 1, waiting: 1);
        IDisposable? first = await queue.EnterAsync(Token);
        Task<IDisposable?> second = queue.EnterAsync(Token);

        Assert.NotNull(first);
        Assert.False(second.IsCompleted);
        Assert.Null(await queue.EnterAsync(Token));
        Assert.Equal(2, queue.Present);
        first.Dispose();
        first.Dispose();
        Assert.NotNull(await second);
        Assert.Equal(1, queue.Present);
    }

    [Fact]
    public async Task Enter_WhoGivesUpWaiting_LeavesTheQueue()
    {
        using var queue = new GenerationQueue(parallel: 1, waiting: 1);
        IDisposable? first = await queue.EnterAsync(Token);
        using var patience = new CancellationTokenSource();
        Task<IDisposable?> second = queue.EnterAsync(patience.Token);

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Equal(1, queue.Present);
        first!.Dispose();
        Assert.NotNull(await queue.EnterAsync(Token));
    }
}
