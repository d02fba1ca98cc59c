using Hypercompress.Processes;
using static TorchSharp.torch;

namespace Hypercompress.Analysis.Moments;

/// <summary>
/// Adds up x xᵀ. Products of a chunk run in float32, chunks are added in float64 or in what else is asked for.
/// </summary>
internal sealed class MomentSum : IDisposable
{
    private const long ChunkTokens = 2048;
    private readonly Tensor _sum;

    internal MomentSum(long width, Device device, ScalarType type = ScalarType.Float64)
    {
        Width = width;
        _sum = zeros(width, width, dtype: type, device: device).DetachFromDisposeScope();
    }

    /// <summary>Vectors added so far.</summary>
    internal long Count { get; private set; }

    /// <summary>Width of the vectors.</summary>
    internal long Width { get; }

    /// <summary>Adds vectors.</summary>
    /// <param name="vectors">float32 [tokens, width].</param>
    internal void Add(Tensor vectors)
    {
        using var noGrad = no_grad();
        long tokens = vectors.shape[0];
        for (long first = 0; first < tokens; first += ChunkTokens)
        {
            using var scope = NewDisposeScope();
            Tensor chunk = vectors.narrow(0, first, long.Min(ChunkTokens, tokens - first));
            GramBlocks.Add(_sum, chunk);
        }

        Count += tokens;
    }

    /// <summary>Adds what other processes have added up; done by all.</summary>
    /// <param name="processes">The processes.</param>
    internal void Gather(IProcessGroup processes)
    {
        processes.Sum(_sum);
        Count = (long)processes.Sum((double)Count);
    }

    /// <summary>Whether nothing but finite numbers was added.</summary>
    internal bool IsFinite()
    {
        using var scope = NewDisposeScope();
        return _sum.isfinite().all().item<bool>();
    }

    /// <summary>
    /// E[x xᵀ] [width, width] in the type of the sum, in the caller's scope; zero when nothing was added.
    /// </summary>
    internal Tensor Mean()
    {
        using var scope = NewDisposeScope();
        return GramBlocks.Whole(_sum).div_(long.Max(1, Count)).MoveToOuterDisposeScope();
    }

    public void Dispose() => _sum.Dispose();
}
