using System.Numerics;

namespace Hypercompress.Models.Native;

/// <summary>
/// Keeps freed blocks of memory for the next ones of about their size. Together with the blocks in use they never take
/// much more than the blocks in use once took, and those that nobody wants for a while are given back. May be used by
/// several threads.
/// </summary>
/// <param name="take">Takes a block of so many bytes from the system.</param>
/// <param name="give">Gives one back.</param>
/// <param name="time">The clock.</param>
internal sealed class BlockCache(Func<long, nint> take, Action<nint> give, TimeProvider time)
{
    /// <summary>How long a block may wait.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // Sizes differ by an eighth at most, and so may all blocks exceed what was in use.
    private const int SizesPerDoubling = 8;

    private readonly Lock _lock = new();
    private readonly Dictionary<long, LinkedList<LinkedListNode<Idle>>> _bySize = [];

    // In the order in which they were freed, as are those of one size.
    private readonly LinkedList<Idle> _idle = new();
    private long _idleBytes;
    private long _bytesInUse;
    private long _mostInUse;

    /// <summary>Bytes that are kept.</summary>
    public long IdleBytes
    {
        get
        {
            lock (_lock)
            {
                return _idleBytes;
            }
        }
    }

    /// <summary>What a block of at least so many bytes takes.</summary>
    /// <param name="bytes">At least 8.</param>
    /// <returns>The bytes, at most an eighth more.</returns>
    public static long SizeOf(long bytes)
    {
        long step = Math.Max(1, (long)(BitOperations.RoundUpToPowerOf2((ulong)bytes) / (2 * SizesPerDoubling)));
        return (bytes + step - 1) / step * step;
    }

    /// <summary>Takes a block.</summary>
    /// <param name="size">A result of <see cref="SizeOf"/>.</param>
    /// <returns>The block, with whatever is in it.</returns>
    /// <exception cref="OutOfMemoryException">The system has none.</exception>
    public nint Take(long size)
    {
        long mostBefore;
        lock (_lock)
        {
            mostBefore = _mostInUse;
            _bytesInUse += size;
            _mostInUse = Math.Max(_mostInUse, _bytesInUse);
            if (_bySize.TryGetValue(size, out LinkedList<LinkedListNode<Idle>>? fitting) && fitting.Last is { } last)
            {
                fitting.RemoveLast();
                _idle.Remove(last.Value);
                _idleBytes -= size;
                return last.Value.Value.Block;
            }

            MakeRoom();
        }

        try
        {
            return take(size);
        }
        catch (OutOfMemoryException)
        {
            lock (_lock)
            {
                (_bytesInUse, _mostInUse) = (_bytesInUse - size, mostBefore);
            }

            throw;
        }
    }

    /// <summary>Takes a block back.</summary>
    /// <param name="block">The block.</param>
    /// <param name="size">Its size.</param>
    public void Return(nint block, long size)
    {
        lock (_lock)
        {
            _bytesInUse -= size;
            _idleBytes += size;
            if (!_bySize.TryGetValue(size, out LinkedList<LinkedListNode<Idle>>? fitting))
            {
                _bySize.Add(size, fitting = new LinkedList<LinkedListNode<Idle>>());
            }

            fitting.AddLast(_idle.AddLast(new Idle(block, size, time.GetTimestamp())));
            MakeRoom();
        }
    }

    private void MakeRoom()
    {
        long most = _mostInUse + (_mostInUse / SizesPerDoubling);
        while (_idle.First is { } oldest
            && (_bytesInUse + _idleBytes > most || time.GetElapsedTime(oldest.Value.Since) > Patience))
        {
            _idle.RemoveFirst();
            _idleBytes -= oldest.Value.Size;
            _bySize[oldest.Value.Size].RemoveFirst();
            give(oldest.Value.Block);
        }
    }

    private readonly record struct Idle(nint Block, long Size, long Since);
}
