using Hypercompress.Sites;
using TorchSharp;

namespace Hypercompress.Analysis;

/// <summary>
/// The second moments of the gradients at the outputs of all sites, in a scratch file: together they are larger than a
/// model, and each is wanted for a moment only. Safe for several threads.
/// </summary>
internal sealed class OutputMomentStore : IDisposable
{
    private readonly Lock _gate = new();
    private readonly ScratchFile _scratch = new();
    private readonly Dictionary<string, (long Place, long Width, torch.Device Device)> _places =
        new(StringComparer.Ordinal);

    /// <summary>Writes a moment.</summary>
    /// <param name="site">Name of its site.</param>
    /// <param name="moment">Stays the caller's.</param>
    /// <exception cref="IOException">The scratch file cannot be written.</exception>
    internal void Add(string site, OutputMoment moment)
    {
        lock (_gate)
        {
            torch.Tensor values = moment.Moment;
            _places.Add(site, (_scratch.Append(values), values.shape[0], values.device));
        }
    }

    /// <summary>Reads a moment.</summary>
    /// <param name="site">Name of a site.</param>
    /// <returns>A moment that the caller disposes; null where there is none.</returns>
    /// <exception cref="IOException">The scratch file cannot be read.</exception>
    internal OutputMoment? Read(string site)
    {
        lock (_gate)
        {
            if (!_places.TryGetValue(site, out (long Place, long Width, torch.Device Device) entry))
            {
                return null;
            }

            using var scope = torch.NewDisposeScope();
            torch.Tensor moment = _scratch.Read(entry.Place, entry.Width, entry.Width).to(entry.Device);
            return new OutputMoment(moment.DetachFromDisposeScope());
        }
    }

    /// <summary>Removes the scratch file.</summary>
    public void Dispose() => _scratch.Dispose();
}
