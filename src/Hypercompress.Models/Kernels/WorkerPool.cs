using System.Runtime.ExceptionServices;

namespace Hypercompress.Models.Kernels;

/// <summary>
/// Threads that share short pieces of work with the thread that asks for it. They wait for the next piece by spinning,
/// and sleep when none comes for a while, so that handing out work costs less than a microsecond between the steps of
/// a token. Calls from several threads wait for each other.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    // Spins before a thread sleeps or yields: about a millisecond.
    private const int Patience = 20_000;

    private readonly Lock _turn = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly Thread[] _threads;
    private volatile Piece? _piece;
    private volatile bool _stops;
    private int _sleepers;

    /// <summary>Starts the threads.</summary>
    /// <param name="threads">With the one that asks; at least 1.</param>
    public WorkerPool(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _threads = new Thread[threads - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            _threads[i] = new Thread(Work) { IsBackground = true, Name = "hypercompress worker" };
            _threads[i].Start();
        }
    }

    /// <summary>Threads, with the one that asks.</summary>
    public int Threads => _threads.Length + 1;

    /// <summary>Does numbered items of work on all threads and returns when all are done.</summary>
    /// <param name="count">Number of items.</param>
    /// <param name="grain">Items that a thread takes at a time, at least 1.</param>
    /// <param name="work">Does the items from its first argument up to, but without, its second.</param>
    public void Run(int count, int grain, Action<int, int> work)
    {
        if (_threads.Length == 0 || count <= grain)
        {
            work(0, count);
            return;
        }

        lock (_turn)
        {
            var piece = new Piece(count, grain, work);
            _piece = piece;
            Interlocked.MemoryBarrier();
            if (_sleepers > 0)
            {
                _wake.Release(_threads.Length);
            }

            piece.Help();
            piece.Wait();
            _piece = null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stops = true;
        _wake.Release(_threads.Length + 1);
        Array.ForEach(_threads, thread => thread.Join());
        _wake.Dispose();
    }

    private void Work()
    {
        Piece? last = null;
        while (!_stops)
        {
            Piece? next = _piece;
            if (next is not null && next != last)
            {
                next.Help();
                last = next;
                continue;
            }

            Rest(last);
        }
    }

    private void Rest(Piece? last)
    {
        for (int spins = 0; spins < Patience && !_stops; spins++)
        {
            if (HasNews(last))
            {
                return;
            }

            Thread.SpinWait(1);
        }

        Interlocked.Increment(ref _sleepers);
        if (!_stops && !HasNews(last))
        {
            _wake.Wait();
        }

        Interlocked.Decrement(ref _sleepers);
    }

    private bool HasNews(Piece? last) => _piece is { } piece && piece != last;

    private sealed class Piece(int count, int grain, Action<int, int> work)
    {
        private int _next;
        private int _done;
        private ExceptionDispatchInfo? _failure;

        public void Help()
        {
            while (true)
            {
                int first = Interlocked.Add(ref _next, grain) - grain;
                if (first >= count)
                {
                    return;
                }

                int end = int.Min(first + grain, count);
                Do(first, end);
                Interlocked.Add(ref _done, end - first);
            }
        }

        public void Wait()
        {
            for (int spins = 0; Volatile.Read(ref _done) < count; spins++)
            {
                if (spins > Patience)
                {
                    Thread.Yield();
                }
                else
                {
                    Thread.SpinWait(1);
                }
            }

            _failure?.Throw();
        }

        private void Do(int first, int end)
        {
            try
            {
                work(first, end);
            }
            catch (Exception e)
            {
                _failure = ExceptionDispatchInfo.Capture(e);
            }
        }
    }
}
