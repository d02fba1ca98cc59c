using Hypercompress.Models.Errors;
using static TorchSharp.torch;

namespace Hypercompress.Models.Checkpoints.Torch;

/// <summary>
/// Reads what torch.save wrote, without executing any of it: tensors, parameters, numbers, texts and containers.
/// Both the zip archives of today and the form before PyTorch 1.6 are read.
/// </summary>
public static class TorchCheckpointReader
{
    /// <summary>Reads a whole file.</summary>
    /// <param name="path">Path of a <c>.pt</c>, <c>.pth</c> or <c>.bin</c> file.</param>
    /// <returns>Its content; the caller disposes it.</returns>
    /// <exception cref="CheckpointException">
    /// The file cannot be opened, is not of torch.save, is corrupt, or holds an object other than those
    /// above; the message names it.
    /// </exception>
    public static TorchCheckpoint Read(string path)
    {
        using var archive = TorchArchive.Open(path);
        using var scope = NewDisposeScope();
        Dictionary<(TorchStorage Storage, StoredType Type), Tensor> storages = [];
        List<Tensor> tensors = [];
        object? root = archive.ReadTree(node =>
        {
            var key = (node.Storage, node.Type);
            if (!storages.TryGetValue(key, out var storage))
            {
                storage = archive.ReadStorage(node, $"in storage {node.Storage.Key}");
                storages.Add(key, storage);
            }

            tensors.Add(TorchArchive.View(storage, node).MoveToOuterDisposeScope());
            return tensors[^1];
        });
        return new TorchCheckpoint(root, tensors);
    }
}
