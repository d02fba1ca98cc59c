using Hypercompress.Models.Errors;
using TorchSharp;

namespace Hypercompress.Models.Native;

/// <summary>
/// The number of CPU threads of a run. libtorch keeps one number for each thread that calls it and one for the process,
/// which new threads and its matrix products start from: a run sets both while it lasts, and what was set before comes
/// back at its end. Runs at the same time each compute with their own number on their own threads; for results that are
/// the same to the bit they should use the same number.
/// </summary>
public sealed class ComputeThreads : IDisposable
{
    private const int Most = 1024;

    private static readonly Lock Guard = new();
    private static int _running;
    private static int _beforeAll;

    private readonly int _before;
    private bool _ended;

    private ComputeThreads(int count)
    {
        lock (Guard)
        {
            _before = torch.get_num_threads();
            _beforeAll = _running++ == 0 ? _before : _beforeAll;
            torch.set_num_threads(count);
        }
    }

    /// <summary>Sets the number of threads until the result is disposed, which the same thread has to do.</summary>
    /// <param name="count">Threads, 1 to 1024.</param>
    /// <returns>Restores the number from before; the last run that ends restores that from before all runs.</returns>
    /// <exception cref="ConfigurationException">The number is out of range.</exception>
    public static ComputeThreads Use(int count) => count is >= 1 and <= Most
        ? new ComputeThreads(count)
        : throw new ConfigurationException($"the number of threads must be from 1 to {Most}, found {count}");

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (Guard)
        {
            if (!_ended)
            {
                _ended = true;
                torch.set_num_threads(--_running == 0 ? _beforeAll : _before);
            }
        }
    }
}
