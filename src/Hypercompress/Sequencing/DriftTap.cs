using Hypercompress.Models.Transformer;
using static TorchSharp.torch;

namespace Hypercompress.Sequencing;

/// <summary>
/// Keeps the input of one place and, where its output is added to the residual stream as it is, the stream itself; asks
/// for nothing behind them.
/// </summary>
/// <param name="site">Name of the place.</param>
internal sealed class DriftTap(string site) : IForwardTap, IDisposable
{
    private string? _lastApplied;

    /// <summary>float32 [batch, tokens, n]; null before the place was passed.</summary>
    internal Tensor? Input { get; private set; }

    /// <summary>float32 [batch, tokens, m]; null where the place does not write into the stream.</summary>
    internal Tensor? Stream { get; private set; }

    /// <inheritdoc/>
    public bool IsSatisfied => Input is not null && _lastApplied != site;

    /// <inheritdoc/>
    public void OnApplied(WeightSlot slot, Tensor input, Tensor output)
    {
        _lastApplied = slot.Name;
        Input ??= slot.Name == site ? input.detach().DetachFromDisposeScope() : null;
    }

    /// <inheritdoc/>
    public void OnJoin(Tensor stream)
    {
        if (_lastApplied == site)
        {
            Stream = stream.detach().DetachFromDisposeScope();
            _lastApplied = null;
        }
    }

    /// <inheritdoc/>
    public void OnGathered(WeightSlot slot, Tensor ids, Tensor output)
    {
    }

    /// <inheritdoc/>
    public void OnLayer(int layer, Tensor hidden)
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Input?.Dispose();
        Stream?.Dispose();
    }
}
