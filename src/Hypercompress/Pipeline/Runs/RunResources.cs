using Hypercompress.Models.Native;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.Planning.Outlook;
using Hypercompress.Sites;
using Hypercompress.Sites.Scheduling;

namespace Hypercompress.Pipeline.Runs;

/// <summary>What a run takes of the process while it lasts: threads, and memory.</summary>
/// <param name="threads">CPU threads, 1 to 1024.</param>
/// <param name="memory">How memory is divided.</param>
internal sealed class RunResources(int threads, RunMemory memory) : IDisposable
{
    private readonly ComputeThreads _threads = ComputeThreads.Use(threads);
    private readonly IDisposable _pool = TensorPool.Shared.Limit(memory.DecodedBytes);
    private readonly IDisposable _room = WorkRoom.Limit(memory.ValuesAtWork);

    /// <inheritdoc/>
    public void Dispose()
    {
        _room.Dispose();
        _pool.Dispose();
        _threads.Dispose();
    }
}
