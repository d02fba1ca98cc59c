using System.Collections.Frozen;
using Hypercompress.Models.Errors;
using TorchSharp;

namespace Hypercompress.Models.Checkpoints;

/// <summary>The tensors of a checkpoint under other names.</summary>
internal sealed class RenamedTensors : ITensorSource
{
    private readonly ITensorSource _stored;
    private readonly FrozenDictionary<string, string> _storedNames;

    /// <summary>Renames all tensors.</summary>
    /// <param name="stored">The checkpoint; owned from here on when this does not fail.</param>
    /// <param name="rename">The new name of each tensor.</param>
    /// <exception cref="CheckpointException">Two tensors get the same name.</exception>
    public RenamedTensors(ITensorSource stored, Func<string, string> rename)
    {
        Dictionary<string, string> names = new(StringComparer.Ordinal);
        foreach (TensorInfo tensor in stored.Tensors.Values)
        {
            string name = rename(tensor.Name);
            if (!names.TryAdd(name, tensor.Name))
            {
                throw new CheckpointException(
                    tensor.File,
                    $"both \"{names[name]}\" and \"{tensor.Name}\" are \"{name}\" without their wrappers; "
                    + "remove one of them");
            }
        }

        (_stored, _storedNames) = (stored, names.ToFrozenDictionary(StringComparer.Ordinal));
        Tensors = _storedNames.ToFrozenDictionary(
            pair => pair.Key, pair => stored.Tensors[pair.Value] with { Name = pair.Key }, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorInfo> Tensors { get; }

    /// <inheritdoc/>
    public torch.Tensor Read(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _stored.Read(_storedNames.GetValueOrDefault(name, name));
    }

    /// <inheritdoc/>
    public bool TryReadBytes(string name, Span<byte> target)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _stored.TryReadBytes(_storedNames.GetValueOrDefault(name, name), target);
    }

    /// <inheritdoc/>
    public void Dispose() => _stored.Dispose();
}
