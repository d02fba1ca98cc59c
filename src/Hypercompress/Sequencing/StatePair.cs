using static TorchSharp.torch;

namespace Hypercompress.Sequencing;

/// <summary>
/// The states of a batch of windows: in the dense model, which runs a layer ahead while that layer is solved, and behind
/// the compressed prefix.
/// </summary>
/// <param name="dense">float32 [batch, tokens, hidden]; owned by the pair.</param>
/// <param name="drifted">The same shape; owned by the pair.</param>
internal sealed class StatePair(Tensor dense, Tensor drifted) : IDisposable
{
    internal Tensor Dense { get; private set; } = dense;

    internal Tensor Drifted { get; private set; } = drifted;

    /// <summary>Puts the dense states behind a layer in the place of those before it.</summary>
    internal void AdvanceDense(Tensor states)
    {
        Dense.Dispose();
        Dense = states;
    }

    /// <summary>Puts the drifted states behind a layer in the place of those before it.</summary>
    internal void AdvanceDrifted(Tensor states)
    {
        Drifted.Dispose();
        Drifted = states;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dense.Dispose();
        Drifted.Dispose();
    }
}
