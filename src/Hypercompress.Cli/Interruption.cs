namespace Hypercompress.Cli;

/// <summary>Turns the first Ctrl-C into a cancellation; the second one ends the process as usual.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source;
    private volatile CancellationTokenSource? _diverted;

    /// <summary>Starts listening.</summary>
    /// <param name="cancellation">Cancels as well.</param>
    public Interruption(CancellationToken cancellation)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Console.CancelKeyPress += OnCancelKeyPress;
    }

    /// <summary>Is cancelled by Ctrl-C.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Makes Ctrl-C cancel another source, as often as it is pressed.</summary>
    /// <param name="work">The source; null for this one, as usual.</param>
    public void Divert(CancellationTokenSource? work) => _diverted = work;

    /// <inheritdoc/>
    public void Dispose()
    {
        Console.CancelKeyPress -= OnCancelKeyPress;
        _source.Dispose();
    }

    private void OnCancelKeyPress(object? sender, ConsoleCancelEventArgs e)
    {
        if (_diverted is { } work)
        {
            e.Cancel = true;
            work.Cancel();
        }
        else if (!_source.IsCancellationRequested)
        {
            e.Cancel = true;
            _source.Cancel();
        }
    }
}
