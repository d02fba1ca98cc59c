using Hypercompress.Models.Transformer;
using static TorchSharp.torch;

namespace Hypercompress.Sequential;

/// <summary>
/// The states of a batch of windows, in the dense model and behind the compressed prefix: those that enter a layer, and how
/// far both have come inside it.
/// </summary>
/// <param name="dense">float32 [batch, tokens, hidden]; owned by the pair.</param>
/// <param name="drifted">The same shape; owned by the pair.</param>
internal sealed class StatePair(Tensor dense, Tensor drifted) : IDisposable
{
    private LayerSteps? _dense;
    private LayerSteps? _drifted;

    /// <summary>The dense model inside the layer.</summary>
    internal LayerSteps Dense => _dense ?? throw new InvalidOperationException("no layer was begun");

    /// <summary>The compressed prefix inside the layer.</summary>
    internal LayerSteps Drifted => _drifted ?? throw new InvalidOperationException("no layer was begun");

    /// <summary>What entered the layer behind the compressed prefix, float32 [batch, tokens, hidden].</summary>
    internal Tensor DriftedEntry { get; private set; } = drifted;

    /// <summary>Stands in front of the first step of a layer.</summary>
    internal void Begin(DecoderModel model, int layer) =>
        (_dense, _drifted) = (model.BeginLayer(layer, dense), model.BeginLayer(layer, DriftedEntry));

    /// <summary>Stands behind the layer, whose steps were all made.</summary>
    /// <param name="retaken">The drifted states where the compressed layer has changed since; otherwise null.</param>
    internal void End(Tensor? retaken)
    {
        Tensor left = Dense.Input.alias().DetachFromDisposeScope();
        Tensor leftDrifted = (retaken ?? Drifted.Input.alias()).DetachFromDisposeScope();
        Dispose();
        (dense, DriftedEntry, _dense, _drifted) = (left, leftDrifted, null, null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _dense?.Dispose();
        _drifted?.Dispose();
        dense.Dispose();
        DriftedEntry.Dispose();
    }
}
