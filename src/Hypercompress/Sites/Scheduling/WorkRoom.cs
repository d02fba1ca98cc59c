namespace Hypercompress.Sites.Scheduling;

/// <summary>
/// How many values may be at work at a time where sites are solved side by side. It changes how long that takes, never
/// its result. A process has one limit, since it has one memory.
/// </summary>
internal static class WorkRoom
{
    private static readonly Lock Gate = new();
    private static readonly List<Limited> Limits = [];

    /// <summary>Most values at work; a single larger site is let in alone.</summary>
    internal static long Values
    {
        get
        {
            lock (Gate)
            {
                return Limits.Select(limit => limit.Values).DefaultIfEmpty(long.MaxValue).Min();
            }
        }
    }

    /// <summary>Limits the values at work until the result is disposed; of several limits the lowest holds.</summary>
    /// <param name="values">Most values.</param>
    internal static IDisposable Limit(long values)
    {
        var limit = new Limited(values);
        lock (Gate)
        {
            Limits.Add(limit);
        }

        return limit;
    }

    private sealed class Limited(long values) : IDisposable
    {
        internal long Values => values;

        public void Dispose()
        {
            lock (Gate)
            {
                Limits.Remove(this);
            }
        }
    }
}
