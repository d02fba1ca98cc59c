using System.Runtime.InteropServices;

namespace Hypercompress.Cli;

/// <summary>
/// Turns the first Ctrl-C or SIGTERM into a cancellation, which ends the work at its next safe point; the
/// second one ends the process at once. So does the first, where the next safe point is far.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);
    private readonly CancellationTokenSource _source;
    private readonly PosixSignalRegistration _termination;
    private readonly Action _giveUp;
    private volatile Action? _diverted;
    private Timer? _timer;

    /// <summary>Starts listening.</summary>
    /// <param name="giveUp">Ends the process some seconds after a signal, if it still runs then.</param>
    /// <param name="cancellation">Cancels as well.</param>
    public Interruption(Action giveUp, CancellationToken cancellation)
    {
        _giveUp = giveUp;
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Console.CancelKeyPress += OnCancelKeyPress;
        _termination = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
    }

    /// <summary>Is cancelled by a signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Makes Ctrl-C do something else, as often as it is pressed.</summary>
    /// <param name="action">What; null for a cancellation, as usual.</param>
    public void Divert(Action? action) => _diverted = action;

    /// <inheritdoc/>
    public void Dispose()
    {
        Console.CancelKeyPress -= OnCancelKeyPress;
        _termination.Dispose();
        _timer?.Dispose();
        _source.Dispose();
    }

    private void OnCancelKeyPress(object? sender, ConsoleCancelEventArgs e)
    {
        if (_diverted is { } action)
        {
            e.Cancel = true;
            action();
        }
        else
        {
            e.Cancel = Stop();
        }
    }

    private void OnSignal(PosixSignalContext signal) => signal.Cancel = Stop();

    // False for a second signal, which then does what it usually does.
    private bool Stop()
    {
        if (_source.IsCancellationRequested)
        {
            return false;
        }

        _timer = new Timer(_ => _giveUp(), null, Patience, Timeout.InfiniteTimeSpan);
        _source.Cancel();
        return true;
    }
}
