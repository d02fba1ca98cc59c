using static TorchSharp.torch;

namespace Hypercompress.Analysis;

/// <summary>Adds up x xᵀ. Products of a chunk run in float32, chunks are added in float64.</summary>
internal sealed class MomentSum : IDisposable
{
    private const long ChunkTokens = 2048;
    private readonly Tensor _sum;
    private bool _taken;

    internal MomentSum(long width, Device device)
    {
        Width = width;
        _sum = zeros(width, width, dtype: ScalarType.Float64, device: device).DetachFromDisposeScope();
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
            _sum.add_(chunk.t().matmul(chunk).to(ScalarType.Float64));
        }

        Count += tokens;
    }

    /// <summary>Whether nothing but finite numbers was added.</summary>
    internal bool IsFinite()
    {
        using var scope = NewDisposeScope();
        return _sum.isfinite().all().item<bool>();
    }

    /// <summary>E[x xᵀ], float64 [width, width], in the caller's scope; zero when nothing was added.</summary>
    internal Tensor Mean() => _sum / long.Max(1, Count);

    /// <summary>The same as <see cref="Mean"/> without a copy; nothing can be added afterwards.</summary>
    /// <returns>A tensor that the caller owns.</returns>
    internal Tensor TakeMean()
    {
        _taken = true;
        return _sum.div_(long.Max(1, Count));
    }

    public void Dispose()
    {
        if (!_taken)
        {
            _sum.Dispose();
        }
    }
}
