using Hypercompress.Models.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Evaluation.Perplexity;

/// <summary>
/// A model's reading of a few windows, with the states before every layer kept: when only something inside a layer was
/// changed, the layers before it need not be run again to see how far the model's predictions have moved.
/// </summary>
public sealed class PrefixCache : IDisposable
{
    private const int PositionsAtOnce = 256;
    private readonly int _skip;
    private readonly Tensor _ids;
    private readonly LayerStatesTap _states = new();
    private readonly Tensor _logProbabilities;

    /// <summary>Reads the windows.</summary>
    /// <param name="model">The model as it is meant to be.</param>
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
        _logProbabilities = cat([.. Parts(hidden).Select(part => LogProbabilities(model, part))], 0).DetachFromDisposeScope();
    }

    /// <summary>Positions that are compared.</summary>
    public long Positions => _logProbabilities.shape[0];

    /// <summary>How far the predictions have moved.</summary>
    /// <param name="model">The same model with something changed.</param>
    /// <param name="layer">0-based first layer that holds a change; null when it lies before the layers.</param>
    /// <returns>Mean KL(as it was ‖ as it is) over the counted positions, nats per token; not below 0.</returns>
    public double Divergence(DecoderModel model, int? layer)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor hidden = Counted(layer is { } first and > 0 ? model.Resume(first, _states.Before(first)) : model.Hidden(_ids));
        double sum = 0;
        long start = 0;
        foreach (Tensor part in Parts(hidden))
        {
            using var chunk = NewDisposeScope();
            Tensor before = _logProbabilities.narrow(0, start, part.shape[0]);
            Tensor after = LogProbabilities(model, part);
            sum += (before.exp() * (before - after)).sum(ScalarType.Float64).item<double>();
            start += part.shape[0];
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

    private static Tensor LogProbabilities(DecoderModel model, Tensor hidden)
    {
        using var scope = NewDisposeScope();
        return nn.functional.log_softmax(model.Logits(hidden.unsqueeze(0)).squeeze(0), 1).MoveToOuterDisposeScope();
    }

    private static IEnumerable<Tensor> Parts(Tensor hidden)
    {
        for (long first = 0; first < hidden.shape[0]; first += PositionsAtOnce)
        {
            yield return hidden.narrow(0, first, Math.Min(PositionsAtOnce, hidden.shape[0] - first));
        }
    }

    private Tensor Counted(Tensor hidden) => hidden.narrow(1, _skip, hidden.shape[1] - _skip).reshape(-1, hidden.shape[2]);
}
