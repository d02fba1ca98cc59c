namespace Hypercompress.Processes;

/// <summary>A run of one process: there is nothing to exchange.</summary>
internal sealed class SingleProcess : IProcessGroup
{
    private SingleProcess()
    {
    }

    /// <summary>The only one.</summary>
    public static SingleProcess Instance { get; } = new();

    /// <inheritdoc/>
    public int Rank => 0;

    /// <inheritdoc/>
    public int Size => 1;

    /// <inheritdoc/>
    public void Sum(Span<float> values)
    {
    }

    /// <inheritdoc/>
    public void Sum(Span<double> values)
    {
    }

    /// <inheritdoc/>
    public void Broadcast(Span<byte> bytes, int from)
    {
    }

    /// <inheritdoc/>
    public void Abort(int exitCode)
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
