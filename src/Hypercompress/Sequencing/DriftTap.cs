using Hypercompress.Models.Transformer;
using static TorchSharp.torch;

namespace Hypercompress.Sequencing;

/// <summary>
/// Keeps the inputs of some places and, where an output is added to the residual stream as it is, the stream itself.
/// </summary>
/// <param name="sites">Names of the places, all of one layer.</param>
/// <param name="stops">Whether what lies behind the last of them is left out.</param>
internal sealed class DriftTap(IReadOnlyList<string> sites, bool stops) : IForwardTap, IDisposable
{
    private readonly Dictionary<string, Tensor> _inputs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Tensor> _streams = new(StringComparer.Ordinal);
    private string? _lastApplied;

    /// <inheritdoc/>
    public bool IsSatisfied => stops && _inputs.Count == sites.Count && _lastApplied is null;

    /// <summary>What enters a place, float32 [batch, tokens, n].</summary>
    internal Tensor InputOf(string site) => _inputs[site];

    /// <summary>The stream that a place writes into, float32 [batch, tokens, m]; null where it does not.</summary>
    internal Tensor? StreamOf(string site) => _streams.GetValueOrDefault(site);

    /// <inheritdoc/>
    public void OnApplied(WeightSlot slot, Tensor input, Tensor output)
    {
        _lastApplied = sites.Contains(slot.Name) ? slot.Name : null;
        if (_lastApplied is not null && !_inputs.ContainsKey(slot.Name))
        {
            _inputs.Add(slot.Name, input.detach().DetachFromDisposeScope());
        }
    }

    /// <inheritdoc/>
    public void OnJoin(Tensor stream)
    {
        if (_lastApplied is not null)
        {
            _streams.Add(_lastApplied, stream.detach().DetachFromDisposeScope());
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
        foreach (Tensor kept in _inputs.Values.Concat(_streams.Values))
        {
            kept.Dispose();
        }
    }
}
