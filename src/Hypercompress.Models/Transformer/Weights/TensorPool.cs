using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer.Weights;

/// <summary>
/// Keeps tensors that can be computed again, such as decoded weights: those used last stay, up to a number of bytes.
/// Safe for several threads.
/// </summary>
/// <remarks>
/// A process has one pool, since it has one memory. What the pool holds changes how long a computation takes, never
/// its result.
/// </remarks>
public sealed class TensorPool
{
    // Of the machine's memory, where nobody says how much: the rest is for statistics, activations and the system.
    private const long DefaultShare = 4;

    private readonly Lock _gate = new();
    private readonly Dictionary<object, LinkedListNode<Entry>> _entries = new(ReferenceEqualityComparer.Instance);
    private readonly LinkedList<Entry> _used = [];
    private readonly List<PoolLimit> _limits = [];
    private readonly long _capacity;

    /// <summary>Makes a pool.</summary>
    /// <param name="capacity">Most bytes that are kept, 0 or more; the tensor used last stays in any case.</param>
    internal TensorPool(long capacity) => _capacity = capacity;

    /// <summary>Bytes of memory that the process may use.</summary>
    public static long MachineBytes { get; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>What is kept where nobody limits it: a quarter of the memory that the process may use.</summary>
    public static long DefaultCapacity { get; } = MachineBytes / DefaultShare;

    /// <summary>The pool of the process.</summary>
    public static TensorPool Shared { get; } = new(DefaultCapacity);

    /// <summary>Bytes that are kept now.</summary>
    public long Bytes { get; private set; }

    /// <summary>Limits what is kept until the result is disposed; of several limits the lowest holds.</summary>
    /// <param name="capacity">Most bytes, 0 or more; the tensor used last stays in any case.</param>
    /// <returns>The limit, to be disposed where it ends.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is negative.</exception>
    public IDisposable Limit(long capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        var limit = new PoolLimit(this, capacity);
        lock (_gate)
        {
            _limits.Add(limit);
            Shrink();
        }

        return limit;
    }

    /// <summary>The tensor of an owner.</summary>
    /// <param name="owner">Who asks: one tensor is kept for each, until <see cref="Drop"/>.</param>
    /// <param name="make">Computes it where it is not kept, without gradients; always the same numbers.</param>
    /// <returns>
    /// A handle of its own to the tensor, in the caller's dispose scope; nobody may change the numbers.
    /// </returns>
    public Tensor Get(object owner, Func<Tensor> make)
    {
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(make);
        if (Find(owner) is { } kept)
        {
            return kept;
        }

        Tensor made = Make(make);
        lock (_gate)
        {
            if (!_entries.ContainsKey(owner))
            {
                Add(owner, made);
                return made.alias();
            }
        }

        made.Dispose();
        return Find(owner) ?? Get(owner, make);
    }

    /// <summary>A copy of the tensor of an owner. What is computed for it is not kept.</summary>
    /// <param name="owner">As for <see cref="Get"/>.</param>
    /// <param name="make">As for <see cref="Get"/>; a new tensor that nothing else refers to.</param>
    /// <returns>A tensor of the caller's own, in its dispose scope.</returns>
    public Tensor Copy(object owner, Func<Tensor> make)
    {
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(make);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return (Find(owner)?.clone() ?? make()).MoveToOuterDisposeScope();
    }

    /// <summary>Forgets the tensor of an owner, whose numbers have changed or who is gone.</summary>
    /// <param name="owner">The owner; nothing happens where nothing is kept for it.</param>
    public void Drop(object owner)
    {
        ArgumentNullException.ThrowIfNull(owner);
        lock (_gate)
        {
            if (_entries.TryGetValue(owner, out LinkedListNode<Entry>? node))
            {
                Remove(node);
            }
        }
    }

    private static Tensor Make(Func<Tensor> make)
    {
        using var noGrad = no_grad();
        return make().DetachFromDisposeScope();
    }

    private Tensor? Find(object owner)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(owner, out LinkedListNode<Entry>? node))
            {
                return null;
            }

            _used.Remove(node);
            _used.AddFirst(node);
            return node.Value.Value.alias();
        }
    }

    private void Add(object owner, Tensor value)
    {
        var entry = new Entry(owner, value, value.numel() * value.element_size());
        _entries.Add(owner, _used.AddFirst(entry));
        Bytes += entry.Bytes;
        Shrink();
    }

    // Handles that were given away keep their numbers alive.
    private void Shrink()
    {
        long most = _limits.Select(limit => limit.Capacity).Append(_capacity).Min();
        while (Bytes > most && _used.Count > 1)
        {
            Remove(_used.Last!);
        }
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _used.Remove(node);
        _entries.Remove(node.Value.Owner);
        Bytes -= node.Value.Bytes;
        node.Value.Value.Dispose();
    }

    private sealed class PoolLimit(TensorPool pool, long capacity) : IDisposable
    {
        internal long Capacity => capacity;

        public void Dispose()
        {
            lock (pool._gate)
            {
                pool._limits.Remove(this);
            }
        }
    }

    private sealed record Entry(object Owner, Tensor Value, long Bytes);
}
