using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Students;

/// <summary>Measures the mean square of every input of every weight matrix.</summary>
internal sealed class InputEnergy : IForwardTap, IDisposable
{
    private readonly Dictionary<string, Tensor> _sums = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>Reads windows with a model.</summary>
    /// <param name="model">The model; not changed.</param>
    /// <param name="windows">Token windows.</param>
    /// <returns>The measurements; the caller disposes them.</returns>
    public static InputEnergy Of(DecoderModel model, IReadOnlyList<int[]> windows)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(windows);
        using var noGrad = no_grad();
        var energy = new InputEnergy();
        foreach (int[] window in windows)
        {
            using var scope = NewDisposeScope();
            Tensor ids = tensor(window, dtype: ScalarType.Int64, device: model.Device).unsqueeze(0);
            model.Forward(ids, tap: energy);
        }

        return energy;
    }

    /// <summary>Whether a matrix was applied.</summary>
    /// <param name="slot">Name of its slot.</param>
    public bool Has(string slot) => _sums.ContainsKey(slot);

    /// <summary>Mean squares of the inputs of a matrix.</summary>
    /// <param name="slot">Name of its slot.</param>
    /// <returns>float64 [columns]; the caller disposes it.</returns>
    public Tensor MeanSquares(string slot) => _sums[slot] / _counts[slot];

    /// <inheritdoc/>
    public void OnApplied(WeightSlot slot, Tensor input, Tensor output)
    {
        ArgumentNullException.ThrowIfNull(slot);
        ArgumentNullException.ThrowIfNull(input);
        using var scope = NewDisposeScope();
        Tensor flat = input.reshape(-1, input.shape[^1]).to(ScalarType.Float64);
        Tensor sum = flat.square().sum(dim: 0);
        if (_sums.TryGetValue(slot.Name, out Tensor? before))
        {
            before.add_(sum);
        }
        else
        {
            _sums[slot.Name] = sum.DetachFromDisposeScope();
        }

        _counts[slot.Name] = _counts.GetValueOrDefault(slot.Name) + flat.shape[0];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor sum in _sums.Values)
        {
            sum.Dispose();
        }
    }
}
