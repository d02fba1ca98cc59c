using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;
using static TorchSharp.torch;

namespace Hypercompress.Models.Packages.Adapters;

/// <summary>The tensors of a model with those of an adapter merged into them, as they are read.</summary>
internal sealed class MergedTensors : ITensorSource
{
    private readonly ITensorSource _base;
    private readonly IAdapter _adapter;
    private readonly ITensorSource _deltas;
    private readonly IReadOnlyDictionary<string, string> _replaced;

    /// <summary>Joins a model and an adapter.</summary>
    /// <param name="tensors">The model's tensors; owned from here on when this does not fail.</param>
    /// <param name="adapter">The adapter; owned likewise.</param>
    /// <param name="deltas">What it adds, by the names of the model.</param>
    /// <param name="replaced">Its names of the tensors that it replaces, by the names of the model.</param>
    /// <exception cref="CheckpointException">
    /// It changes a tensor that the model has not, or of another shape.
    /// </exception>
    public MergedTensors(
        ITensorSource tensors,
        IAdapter adapter,
        ITensorSource deltas,
        IReadOnlyDictionary<string, string> replaced)
    {
        foreach (TensorInfo changed in deltas.Tensors.Values.Concat(replaced.Select(
            pair => adapter.Tensors.Tensors[pair.Value] with { Name = pair.Key })))
        {
            if (tensors.Tensors.GetValueOrDefault(changed.Name) is not { } weight)
            {
                throw new CheckpointException(
                    changed.File, $"changes \"{changed.Name}\", which the base does not have; "
                        + "give the base that it was made for");
            }

            if (!weight.Shape.SequenceEqual(changed.Shape))
            {
                throw new CheckpointException(
                    changed.File,
                    $"changes \"{changed.Name}\" as [{string.Join(", ", changed.Shape)}], but the base has "
                    + $"[{string.Join(", ", weight.Shape)}]; give the base that it was made for");
            }
        }

        (_base, _adapter, _deltas, _replaced) = (tensors, adapter, deltas, replaced);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorInfo> Tensors => _base.Tensors;

    /// <inheritdoc/>
    public Tensor Read(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (_replaced.TryGetValue(name, out string? stored))
        {
            return _adapter.Tensors.Read(stored);
        }

        if (!_deltas.Tensors.ContainsKey(name))
        {
            return _base.Read(name);
        }

        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor weight = _base.Read(name).to(ScalarType.Float32);
        return weight.add_(_deltas.Read(name)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _base.Dispose();
        _adapter.Dispose();
    }
}
