using Hypercompress.Processes;

namespace Hypercompress.Tests.Processes;

/// <summary>Threads of this process that work together as processes of a run do.</summary>
internal sealed class ThreadGroup
{
    private readonly Barrier _barrier;
    private readonly object?[] _shared;

    private ThreadGroup(int size) => (_barrier, _shared) = (new Barrier(size), new object?[size]);

    /// <summary>Runs work in several threads.</summary>
    /// <typeparam name="T">Its result.</typeparam>
    /// <param name="size">Threads.</param>
    /// <param name="work">The work of one of them.</param>
    /// <returns>The results, by rank.</returns>
    public static T[] Run<T>(int size, Func<IProcessGroup, T> work)
    {
        var group = new ThreadGroup(size);
        Task<T>[] running =
        [
            .. Enumerable.Range(0, size).Select(rank => Task.Factory.StartNew(
                () => group.RunOne(rank, work),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)),
        ];
        return Task.WhenAll(running).GetAwaiter().GetResult();
    }

    // One that fails leaves, so that the others do not wait for it.
    private T RunOne<T>(int rank, Func<IProcessGroup, T> work)
    {
        using var member = new Member(this, rank);
        try
        {
            return work(member);
        }
        catch
        {
            _barrier.RemoveParticipant();
            throw;
        }
    }

    private sealed class Member(ThreadGroup group, int rank) : IProcessGroup
    {
        public int Rank => rank;

        public int Size => group._shared.Length;

        public void Sum(Span<float> values)
        {
            float[][] all = Exchange(values.ToArray());
            Assert.All(all, some => Assert.Equal(all[0].Length, some.Length));
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = all.Sum(some => some[i]);
            }
        }

        public void Sum(Span<double> values)
        {
            double[][] all = Exchange(values.ToArray());
            Assert.All(all, some => Assert.Equal(all[0].Length, some.Length));
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = all.Sum(some => some[i]);
            }
        }

        public void Broadcast(Span<byte> bytes, int from) => Exchange(bytes.ToArray())[from].CopyTo(bytes);

        public void Abort(int exitCode) => throw new InvalidOperationException("aborted");

        public void Dispose()
        {
        }

        private T[] Exchange<T>(T own)
        {
            group._shared[rank] = own;
            group._barrier.SignalAndWait();
            T[] all = [.. group._shared.Cast<T>()];
            group._barrier.SignalAndWait();
            return all;
        }
    }
}
