using Hypercompress.Models.Transformer;
using static TorchSharp.torch;

namespace Hypercompress.Sequential;

/// <summary>
/// The states of a batch of windows in two models, the dense one and the one whose first part is compressed: the states
/// that enter a layer, and how far both models have come inside it.
/// </summary>
/// <param name="dense">float32 [batch, tokens, hidden]; owned by the pair.</param>
/// <param name="drifted">The same shape; owned by the pair.</param>
internal sealed class StatePair(Tensor dense, Tensor drifted) : IDisposable
{
    private LayerSteps? _dense;
    private LayerSteps? _drifted;

    /// <summary>The dense model inside the layer.</summary>
    internal LayerSteps Dense => _dense ?? throw new InvalidOperationException("no layer was entered");

    /// <summary>The compressed model inside the layer.</summary>
    internal LayerSteps Drifted => _drifted ?? throw new InvalidOperationException("no layer was entered");

    /// <summary>The states of the compressed model before the layer, float32 [batch, tokens, hidden].</summary>
    internal Tensor DriftedEntry { get; private set; } = drifted;

    /// <summary>Goes to the first step of a layer.</summary>
    /// <param name="model">Runs both: the matrices in its slots decide which of the two it is.</param>
    /// <param name="layer">0-based layer.</param>
    internal void EnterLayer(DecoderModel model, int layer) =>
        (_dense, _drifted) = (model.BeginLayer(layer, dense), model.BeginLayer(layer, DriftedEntry));

    /// <summary>Leaves the layer, all of whose steps were made.</summary>
    /// <param name="recomputed">
    /// The drifted states where the compressed layer has changed since; otherwise null.
    /// </param>
    internal void LeaveLayer(Tensor? recomputed)
    {
        Tensor left = Dense.Input.alias().DetachFromDisposeScope();
        Tensor leftDrifted = (recomputed ?? Drifted.Input.alias()).DetachFromDisposeScope();
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
