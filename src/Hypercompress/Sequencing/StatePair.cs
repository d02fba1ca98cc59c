using static TorchSharp.torch;

namespace Hypercompress.Sequencing;

/// <summary>The states of a batch of windows before a layer: in the dense model and behind the compressed prefix.</summary>
/// <param name="dense">float32 [batch, tokens, hidden]; owned by the pair.</param>
/// <param name="drifted">The same shape; owned by the pair.</param>
internal sealed class StatePair(Tensor dense, Tensor drifted) : IDisposable
{
    internal Tensor Dense { get; private set; } = dense;

    internal Tensor Drifted { get; private set; } = drifted;

    /// <summary>Puts the states behind the layer in the place of those before it.</summary>
    internal void Advance(Tensor dense, Tensor drifted)
    {
        Dispose();
        (Dense, Drifted) = (dense, drifted);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dense.Dispose();
        Drifted.Dispose();
    }
}
