using Hypercompress.Sites;
using TorchSharp;

namespace Hypercompress.Analysis.Moments;

/// <summary>
/// The second moments of the gradients at the outputs of all sites, in a scratch file: together they are larger than a
/// model, and each is wanted for a moment only. Safe for several threads.
/// </summary>
internal sealed class OutputMomentStore : IDisposable
{
    private readonly Lock _gate = new();
    private readonly ScratchFile _scratch = new();
    private readonly Dictionary<string, (long Width, torch.Device Device, Func<torch.Tensor> Read)> _moments =
        new(StringComparer.Ordinal);

    /// <summary>Names and widths of the sites that have a moment, in the order in which they were added.</summary>
    internal IEnumerable<(string Site, long Width)> Sites => _moments.Select(pair => (pair.Key, pair.Value.Width));

    /// <summary>Writes a moment.</summary>
    /// <param name="site">Name of its site.</param>
    /// <param name="moment">Stays the caller's.</param>
    /// <exception cref="IOException">The scratch file cannot be written.</exception>
    internal void Add(string site, OutputMoment moment)
    {
        lock (_gate)
        {
            torch.Tensor values = moment.Moment;
            long width = values.shape[0];
            long place = _scratch.Append(values);
            _moments.Add(site, (width, values.device, () => _scratch.Read(place, width, width)));
        }
    }

    /// <summary>Adds a moment that lies in a file.</summary>
    /// <param name="site">Name of its site.</param>
    /// <param name="width">Its rows and columns.</param>
    /// <param name="device">Where it is wanted.</param>
    /// <param name="read">Reads it: float64 [width, width] in the current scope.</param>
    internal void Add(string site, long width, torch.Device device, Func<torch.Tensor> read)
    {
        lock (_gate)
        {
            _moments.Add(site, (width, device, read));
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
            if (!_moments.TryGetValue(site, out (long Width, torch.Device Device, Func<torch.Tensor> Read) entry))
            {
                return null;
            }

            using var scope = torch.NewDisposeScope();
            torch.Tensor moment = entry.Read().to(entry.Device);
            return new OutputMoment(moment.DetachFromDisposeScope());
        }
    }

    /// <summary>Removes the scratch file.</summary>
    public void Dispose() => _scratch.Dispose();
}
