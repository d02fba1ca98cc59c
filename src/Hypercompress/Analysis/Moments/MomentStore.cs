using System.Collections.Immutable;
using Hypercompress.Sites;
using TorchSharp;

namespace Hypercompress.Analysis.Moments;

/// <summary>
/// The input moments of all sites. Those in use are in memory, with the factors that were computed from
/// them; of the others only the last used ones, up to a number of bytes, and the rest waits in a scratch file. So the
/// statistics of a block or two are in memory at a time, however many blocks a model has. Safe for several threads.
/// </summary>
/// <param name="idleBytes">Most bytes of moments in memory that are not in use.</param>
internal sealed class MomentStore(long idleBytes = MomentStorage.IdleBytes) : IDisposable
{
    // The moment, its Cholesky factor, and the one in the order of a sweep.
    private const long BytesPerElement = 3 * sizeof(double);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _idle = [];
    private readonly ScratchFile _scratch = new();
    private long _idleSum;

    /// <summary>
    /// For each moment, in the order in which they were added: the sites that share it, its width and its tokens.
    /// </summary>
    internal IEnumerable<(ImmutableArray<string> Sites, long Width, long Tokens)> Groups => _entries
        .GroupBy(pair => pair.Value, pair => pair.Key)
        .Select(group => (group.ToImmutableArray(), group.Key.Width, group.Key.Tokens));

    /// <summary>Whether a site has a moment.</summary>
    internal bool Has(string site) => _entries.ContainsKey(site);

    /// <summary>The first of the sites that share a moment.</summary>
    internal string LeaderOf(string site) => _entries[site].Leader;

    /// <summary>Takes a moment over.</summary>
    /// <param name="sites">Names of the sites that read these inputs; at least one.</param>
    /// <param name="moment">Owned by the store from here on.</param>
    internal void Add(ImmutableArray<string> sites, InputMoment moment)
    {
        lock (_gate)
        {
            var entry = new Entry(sites[0], moment.Width, moment.Tokens, moment.Moment.device) { Resident = moment };
            AddEntry(sites, entry);
            Rest(entry);
        }
    }

    /// <summary>Adds a moment that lies in a file.</summary>
    /// <param name="sites">Names of the sites that read these inputs; at least one.</param>
    /// <param name="width">Its rows and columns.</param>
    /// <param name="tokens">Tokens it was averaged over.</param>
    /// <param name="device">Where it is wanted.</param>
    /// <param name="read">Reads it: float64 [width, width], damped, in the current scope.</param>
    internal void Add(
        ImmutableArray<string> sites, long width, long tokens, torch.Device device, Func<torch.Tensor> read)
    {
        lock (_gate)
        {
            AddEntry(sites, new Entry(sites[0], width, tokens, device) { Read = read });
        }
    }

    /// <summary>Borrows the moment of a site.</summary>
    /// <param name="site">Name of the site.</param>
    /// <returns>Keeps the moment in memory until it is disposed.</returns>
    /// <exception cref="IOException">The scratch file cannot be read or written.</exception>
    internal MomentLease Borrow(string site)
    {
        lock (_gate)
        {
            Entry entry = _entries[site];
            if (entry.Leases++ == 0 && entry.Resident is not null)
            {
                _idle.Remove(entry);
                _idleSum -= entry.Bytes;
            }

            entry.Resident ??= Load(entry);
            return new MomentLease(entry.Resident, () => Return(entry));
        }
    }

    /// <summary>Releases all moments and the scratch file.</summary>
    public void Dispose()
    {
        foreach (Entry entry in _entries.Values.Distinct())
        {
            entry.Resident?.Dispose();
        }

        _scratch.Dispose();
    }

    private void AddEntry(ImmutableArray<string> sites, Entry entry)
    {
        foreach (string site in sites)
        {
            _entries.Add(site, entry);
        }
    }

    private void Return(Entry entry)
    {
        lock (_gate)
        {
            if (--entry.Leases == 0)
            {
                Rest(entry);
            }
        }
    }

    private void Rest(Entry entry)
    {
        _idle.AddLast(entry);
        _idleSum += entry.Bytes;
        while (_idleSum > idleBytes)
        {
            Entry oldest = _idle.First!.Value;
            _idle.RemoveFirst();
            _idleSum -= oldest.Bytes;
            Unload(oldest);
        }
    }

    private void Unload(Entry entry)
    {
        if (entry.Read is null)
        {
            long place = _scratch.Append(entry.Resident!.Moment);
            entry.Read = () => _scratch.Read(place, entry.Width, entry.Width);
        }

        entry.Resident!.Dispose();
        entry.Resident = null;
    }

    // It was damped before it was written.
    private static InputMoment Load(Entry entry)
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor moment = entry.Read!().to(entry.Device);
        return new InputMoment(moment.DetachFromDisposeScope(), entry.Tokens, damping: 0);
    }

    private sealed class Entry(string leader, long width, long tokens, torch.Device device)
    {
        internal string Leader { get; } = leader;

        internal long Width { get; } = width;

        internal long Tokens { get; } = tokens;

        internal torch.Device Device { get; } = device;

        internal InputMoment? Resident { get; set; }

        internal int Leases { get; set; }

        internal Func<torch.Tensor>? Read { get; set; }

        internal long Bytes => Width * Width * BytesPerElement;
    }
}
