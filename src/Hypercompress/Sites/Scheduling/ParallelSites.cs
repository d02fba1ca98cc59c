using static TorchSharp.torch;

namespace Hypercompress.Sites.Scheduling;

/// <summary>
/// Lets CPU threads work on independent sites side by side. Much of what solvers do is one step after another on one
/// thread, such as the columns of a sweep; the other threads can then solve other sites.
/// </summary>
internal static class ParallelSites
{
    /// <summary>Maps each item to a result.</summary>
    /// <typeparam name="TItem">Kind of item.</typeparam>
    /// <typeparam name="TMade">Kind of result.</typeparam>
    /// <param name="items">The items.</param>
    /// <param name="work">
    /// What an item takes. Most work comes first, so that no thread is left with a large item at the end; and not more
    /// values are at work at a time than <see cref="WorkRoom"/> allows.
    /// </param>
    /// <param name="threads">CPU threads in all, 1 or more; the items in work at a time share them.</param>
    /// <param name="make">Called without gradients, from several threads.</param>
    /// <param name="discard">
    /// Disposes what was finished when another item failed; null where nothing is to be disposed.
    /// </param>
    /// <param name="cancellation">Stops between items.</param>
    /// <returns>What was made, in the order of the items.</returns>
    internal static TMade[] Map<TItem, TMade>(
        IReadOnlyList<TItem> items,
        Func<TItem, SiteWork> work,
        int threads,
        Func<TItem, TMade> make,
        Action<TMade>? discard,
        CancellationToken cancellation)
    {
        var made = new (TMade Value, bool IsDone)[items.Count];
        var queue = new WorkQueue([.. items.Select(work)], WorkRoom.Values);

        void Work()
        {
            using var noGrad = no_grad();
            while (queue.TryTake(out int item))
            {
                try
                {
                    cancellation.ThrowIfCancellationRequested();
                    made[item] = (make(items[item]), true);
                }
                catch
                {
                    queue.Stop();
                    throw;
                }
                finally
                {
                    queue.Finish(item);
                }
            }
        }

        try
        {
            Run(Work, Math.Clamp(items.Count, 1, threads), threads);
        }
        catch
        {
            Array.ForEach(made, entry => Discard(entry, discard));
            throw;
        }

        return Array.ConvertAll(made, entry => entry.Value);
    }

    private static void Run(Action work, int workers, int threads)
    {
        if (workers == 1)
        {
            work();
            return;
        }

        // The thread count belongs to the calling thread; results depend on it, so it is set and not inherited.
        void Begin()
        {
            set_num_threads(threads / workers);
            work();
        }

        Task[] started =
            [.. Enumerable.Range(0, workers)
                .Select(_ => Task.Factory.StartNew(Begin, TaskCreationOptions.LongRunning))];
        try
        {
            Task.WhenAll(started).GetAwaiter().GetResult();
        }
        finally
        {
            // A part of it belongs to the process.
            set_num_threads(threads);
        }
    }

    private static void Discard<TMade>((TMade Value, bool IsDone) entry, Action<TMade>? discard)
    {
        if (entry.IsDone)
        {
            discard?.Invoke(entry.Value);
        }
    }
}
