using Hypercompress.Models.Native;
using Hypercompress.Models.Transformer.Weights;

namespace Hypercompress.Pipeline.Runs;

/// <summary>What a run takes of the process while it lasts: threads, and memory for decoded weights.</summary>
/// <param name="threads">CPU threads, 1 to 1024.</param>
/// <param name="decodedBytes">Most bytes of decoded weights.</param>
internal sealed class RunResources(int threads, long decodedBytes) : IDisposable
{
    private readonly ComputeThreads _threads = ComputeThreads.Use(threads);
    private readonly IDisposable _pool = TensorPool.Shared.Limit(decodedBytes);

    /// <inheritdoc/>
    public void Dispose()
    {
        _pool.Dispose();
        _threads.Dispose();
    }
}
