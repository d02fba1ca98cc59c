using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.Training;

/// <summary>The values of parameters at their best moment.</summary>
internal sealed class WeightSnapshot : IDisposable
{
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly List<Tensor> _values;

    /// <summary>Copies the current values.</summary>
    /// <param name="parameters">The parameters; owned by the model.</param>
    public WeightSnapshot(IReadOnlyList<Parameter> parameters)
    {
        using var noGrad = no_grad();
        _parameters = parameters;
        _values = [.. parameters.Select(parameter => parameter.clone().DetachFromDisposeScope())];
    }

    /// <summary>Replaces the copied values by the current ones.</summary>
    public void Refresh()
    {
        using var noGrad = no_grad();
        for (int i = 0; i < _values.Count; i++)
        {
            _values[i].copy_(_parameters[i]);
        }
    }

    /// <summary>Puts the copied values back.</summary>
    public void Restore()
    {
        using var noGrad = no_grad();
        for (int i = 0; i < _values.Count; i++)
        {
            _parameters[i].copy_(_values[i]);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _values.ForEach(value => value.Dispose());
}
