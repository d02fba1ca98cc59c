using Hypercompress.Analysis.Moments;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Analysis;

/// <summary>
/// Adds up the second moments of the inputs of all linear sites. Matrices that are applied to the same tensor one after
/// the other (query and key/value, gate and up) share a sum.
/// </summary>
internal sealed class InputTap(int skipPositions) : IForwardTap, IDisposable
{
    private readonly Dictionary<string, MomentSum> _sums = [];
    private readonly Dictionary<string, string> _leaders = [];
    private Tensor? _lastInput;
    private string? _lastLeader;

    /// <summary>The sum of each site, by its name; sites that share inputs have the same one.</summary>
    internal IEnumerable<(string Site, string Leader, MomentSum Sum)> Sums =>
        _leaders.Select(pair => (pair.Key, pair.Value, _sums[pair.Value]));

    /// <inheritdoc/>
    public void OnApplied(WeightSlot slot, Tensor input, Tensor output)
    {
        if (slot.Kind is WeightSlotKind.Embedding or WeightSlotKind.Head)
        {
            return;
        }

        bool shared = ReferenceEquals(input, _lastInput);
        if (!_leaders.TryGetValue(slot.Name, out string? leader))
        {
            leader = shared ? _lastLeader! : slot.Name;
            _leaders.Add(slot.Name, leader);
        }

        if (leader == slot.Name)
        {
            Add(slot, input);
        }

        (_lastInput, _lastLeader) = (input, leader);
    }

    public void Dispose()
    {
        foreach (MomentSum sum in _sums.Values)
        {
            sum.Dispose();
        }
    }

    private void Add(WeightSlot slot, Tensor input)
    {
        using var scope = NewDisposeScope();
        if (!_sums.TryGetValue(slot.Name, out MomentSum? sum))
        {
            sum = new MomentSum(input.shape[^1], input.device);
            _sums.Add(slot.Name, sum);
        }

        sum.Add(CountedPositions.Flatten(input, skipPositions));
    }
}
