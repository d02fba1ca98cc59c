namespace Hypercompress.Server;

/// <summary>
/// Lets a number of generations run at the same time and a number of requests wait for them, in their order.
/// </summary>
/// <param name="parallel">Generations at the same time, 1 or more.</param>
/// <param name="waiting">Requests that may wait, 0 or more.</param>
internal sealed class GenerationQueue(int parallel, int waiting) : IDisposable
{
    private readonly SemaphoreSlim _free = new(parallel);
    private int _present;

    /// <summary>Requests that run or wait.</summary>
    public int Present => Volatile.Read(ref _present);

    /// <summary>Waits for a turn.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The turn, which ends when it is disposed; null when the queue is full.</returns>
    public async Task<IDisposable?> EnterAsync(CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _present) > parallel + waiting)
        {
            Interlocked.Decrement(ref _present);
            return null;
        }

        try
        {
            await _free.WaitAsync(cancellation);
            return new Turn(this);
        }
        catch
        {
            Interlocked.Decrement(ref _present);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _free.Dispose();

    private void Leave()
    {
        Interlocked.Decrement(ref _present);
        _free.Release();
    }

    private sealed class Turn(GenerationQueue queue) : IDisposable
    {
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.CompareExchange(ref _ended, 1, 0) == 0)
            {
                queue.Leave();
            }
        }
    }
}
