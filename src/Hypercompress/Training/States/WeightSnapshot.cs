using Hypercompress.Journal;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.Training.States;

/// <summary>The values of parameters at their best moment.</summary>
internal sealed class WeightSnapshot : IDisposable
{
    private const string Kept = "best.";
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

    /// <summary>Writes the copied values into an entry.</summary>
    /// <param name="draft">Receives them.</param>
    public void Keep(EntryDraft draft) => TensorState.Write(draft, Kept, _values);

    /// <summary>Takes the copied values from an entry.</summary>
    /// <param name="entry">The entry.</param>
    public void GoOn(JournalEntry entry) => TensorState.Read(entry, Kept, _values);

    /// <inheritdoc/>
    public void Dispose() => _values.ForEach(value => value.Dispose());
}
