using TorchSharp;

namespace Hypercompress.Models.Checkpoints.Torch;

/// <summary>The content of a PyTorch checkpoint in memory.</summary>
public sealed class TorchCheckpoint : IDisposable
{
    private readonly IReadOnlyList<torch.Tensor> _tensors;

    internal TorchCheckpoint(object? root, IReadOnlyList<torch.Tensor> tensors) => (Root, _tensors) = (root, tensors);

    /// <summary>
    /// The saved value: an <see cref="IReadOnlyDictionary{TKey,TValue}"/> of string to value (integer keys as text), an
    /// <see cref="IReadOnlyList{T}"/> of values (also for tuples), a <see cref="torch.Tensor"/> (contiguous, on the
    /// CPU; shared storages stay shared), <see cref="string"/>, <see cref="long"/>, <see cref="double"/>,
    /// <see cref="bool"/> or null. An element type is its name, such as <c>torch.float32</c>.
    /// </summary>
    public object? Root { get; }

    /// <summary>Releases all tensors.</summary>
    public void Dispose()
    {
        foreach (var tensor in _tensors)
        {
            tensor.Dispose();
        }
    }
}
