namespace Hypercompress.Sites;

/// <summary>Keeps a moment in memory until disposed.</summary>
/// <param name="moment">The moment, which belongs to the store.</param>
/// <param name="giveBack">Ends the use.</param>
internal sealed class MomentLease(InputMoment moment, Action giveBack) : IDisposable
{
    private int _ends;

    /// <summary>The moment; not to be used after this is disposed.</summary>
    internal InputMoment Moment { get; } = moment;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Increment(ref _ends) == 1)
        {
            giveBack();
        }
    }
}
