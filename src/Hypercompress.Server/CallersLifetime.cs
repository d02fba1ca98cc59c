using Microsoft.Extensions.Hosting;

namespace Hypercompress.Server;

/// <summary>The signals of the process belong to the program around the server.</summary>
internal sealed class CallersLifetime : IHostLifetime
{
    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
