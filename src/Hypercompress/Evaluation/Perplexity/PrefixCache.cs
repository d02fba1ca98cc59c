using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Head;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Evaluation.Perplexity;

/// <summary>
/// A model's reading of a few windows, with the states before every layer kept: when only something inside a layer was
/// changed, the layers before it need not be run again to measure how far the model's predictions have moved.
/// </summary>
internal sealed class PrefixCache : IDisposable
{
    private readonly int _skip;
    private readonly Tensor _ids;
    private readonly LayerStates _states = new();
    private readonly Tensor _logProbabilities;

    /// <summary>Reads the windows.</summary>
    /// <param name="model">The undamaged model.</param>
    /// <param name="windows">Windows of one length, without padding.</param>
    /// <param name="skipPositions">First positions of each window that do not count; at least one is left.</param>
    public PrefixCache(DecoderModel model, IReadOnlyList<int[]> windows, int skipPositions)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(windows);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        long[] ids = [.. windows.SelectMany(window => window).Select(id => (long)id)];
        _skip = Math.Min(skipPositions, windows[0].Length - 1);
        _ids = tensor(ids, device: model.Device).view(windows.Count, windows[0].Length).DetachFromDisposeScope();
        Tensor hidden = Counted(model.Hidden(_ids, tap: _states));
        Tensor[] parts = [.. Chunks(model, hidden).Select(chunk => chunk.LogProbabilities(model, hidden))];
        _logProbabilities = cat(parts, 0).DetachFromDisposeScope();
    }

    /// <summary>Positions that are compared.</summary>
    public long Positions => _logProbabilities.shape[0];

    /// <summary>How far the predictions have moved.</summary>
    /// <param name="model">The same model with something changed.</param>
    /// <param name="layer">0-based first layer that holds a change; null when it is before the layers.</param>
    /// <returns>Mean KL(undamaged ‖ changed) over the counted positions, nats per token; not below 0.</returns>
    public double Divergence(DecoderModel model, int? layer)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor hidden =
            Counted(layer is { } first and > 0 ? model.Resume(first, _states.Before(first)) : model.Hidden(_ids));
        double sum = 0;
        foreach (HeadChunk chunk in Chunks(model, hidden))
        {
            using var part = NewDisposeScope();
            Tensor before = chunk.Of(_logProbabilities);
            Tensor after = chunk.LogProbabilities(model, hidden);
            sum += (before.exp() * (before - after)).sum(ScalarType.Float64).item<double>();
        }

        return Math.Max(0, sum / Positions);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ids.Dispose();
        _states.Dispose();
        _logProbabilities.Dispose();
    }

    private static IEnumerable<HeadChunk> Chunks(DecoderModel model, Tensor hidden) =>
        HeadChunks.Cut(hidden.shape[1], model.Config.VocabularySize);

    // float32 [1, positions, hidden]
    private Tensor Counted(Tensor hidden) =>
        hidden.narrow(1, _skip, hidden.shape[1] - _skip).reshape(1, -1, hidden.shape[2]);
}
