namespace Hypercompress.Sites.Scheduling;

/// <summary>
/// Hands items to several threads: most work first, and not more values at work at a time than there is room for. Of
/// the items that wait, the first one that has room comes next.
/// </summary>
internal sealed class WorkQueue
{
    private readonly object _gate = new();
    private readonly SiteWork[] _works;
    private readonly long _room;
    private readonly List<int> _waiting;
    private long _values;
    private int _atWork;

    /// <summary>Makes a queue.</summary>
    /// <param name="works">The items' work; equal items are taken up in their order.</param>
    /// <param name="room">Most values at work; an item with more is taken up alone.</param>
    internal WorkQueue(SiteWork[] works, long room)
    {
        (_works, _room) = (works, room);
        _waiting = [.. Enumerable.Range(0, works.Length).OrderByDescending(item => works[item].MultiplyAdds)];
    }

    /// <summary>Waits for an item.</summary>
    /// <param name="item">The item, at work until <see cref="Finish"/>.</param>
    /// <returns>False: there is nothing left to do.</returns>
    internal bool TryTake(out int item)
    {
        lock (_gate)
        {
            while (_waiting.Count > 0)
            {
                int place = _waiting.FindIndex(HasRoom);
                if (place >= 0)
                {
                    item = _waiting[place];
                    _waiting.RemoveAt(place);
                    _values += _works[item].Values;
                    _atWork++;
                    return true;
                }

                Monitor.Wait(_gate);
            }
        }

        item = -1;
        return false;
    }

    /// <summary>Gives back the room of an item.</summary>
    /// <param name="item">An item that was taken.</param>
    internal void Finish(int item)
    {
        lock (_gate)
        {
            _values -= _works[item].Values;
            _atWork--;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Hands out no more items.</summary>
    internal void Stop()
    {
        lock (_gate)
        {
            _waiting.Clear();
            Monitor.PulseAll(_gate);
        }
    }

    private bool HasRoom(int item) => _atWork == 0 || _values + _works[item].Values <= _room;
}
