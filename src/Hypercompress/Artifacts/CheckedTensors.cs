using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;
using static TorchSharp.torch;

namespace Hypercompress.Artifacts;

/// <summary>The tensors of an artifact; each is compared with its hash in the manifest when it is read.</summary>
/// <param name="tensors">The tensors; not disposed here.</param>
/// <param name="hashes">Hashes by tensor name, from <see cref="TensorHashes"/>.</param>
internal sealed class CheckedTensors(ITensorSource tensors, IReadOnlyDictionary<string, string> hashes) : ITensorSource
{
    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorInfo> Tensors => tensors.Tensors;

    /// <inheritdoc/>
    public Tensor Read(string name)
    {
        Tensor tensor = tensors.Read(name);
        if (IsWritten(name, TensorHashes.Of(tensor)))
        {
            return tensor;
        }

        tensor.Dispose();
        throw Changed(name);
    }

    /// <inheritdoc/>
    public bool TryReadBytes(string name, Span<byte> target)
    {
        if (!tensors.TryReadBytes(name, target))
        {
            return false;
        }

        return IsWritten(name, TensorHashes.Of(target[..(int)Tensors[name].ByteLength])) ? true : throw Changed(name);
    }

    private bool IsWritten(string name, string hash) => hashes.GetValueOrDefault(name) == hash;

    private CheckpointException Changed(string name) => new(
        Tensors[name].File,
        $"tensor {name} is not what was written: its hash differs from the manifest's; copy or download the "
        + "artifact again, or use --no-check to load it as it is");

    /// <inheritdoc/>
    public void Dispose()
    {
        // The owner of the tensors disposes them.
    }
}
