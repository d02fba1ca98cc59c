using Hypercompress.Models.Checkpoints.Safetensors;
using Hypercompress.Models.Checkpoints.Torch;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Checkpoints.Folders;

/// <summary>Finds the weights in a model folder laid out as Hugging Face does.</summary>
public static class CheckpointFolder
{
    /// <summary>Name of a checkpoint in PyTorch's own format.</summary>
    public const string TorchFile = "pytorch_model.bin";

    /// <summary>Name of the index of such a checkpoint in several files.</summary>
    public const string TorchIndexFile = "pytorch_model.bin.index.json";

    /// <summary>Whether a folder has safetensors; these go before files of PyTorch's own format.</summary>
    /// <param name="folder">The model folder.</param>
    /// <returns>False when it has none.</returns>
    public static bool HasSafetensors(string folder) =>
        new[] { SafetensorsNames.SingleFile, SafetensorsNames.IndexFile }
        .Any(name => File.Exists(Path.Combine(folder, name)));

    /// <summary>Whether a folder has weights of any of these formats.</summary>
    /// <param name="folder">The model folder.</param>
    /// <returns>False when it has none.</returns>
    public static bool HasWeights(string folder) => HasSafetensors(folder)
        || File.Exists(Path.Combine(folder, TorchFile)) || File.Exists(Path.Combine(folder, TorchIndexFile));

    /// <summary>
    /// Opens the weights: the first that is there of <see cref="SafetensorsNames.SingleFile"/>,
    /// <see cref="SafetensorsNames.IndexFile"/>, <see cref="TorchFile"/> and <see cref="TorchIndexFile"/>.
    /// </summary>
    /// <param name="folder">The model folder.</param>
    /// <returns>The open checkpoint; the caller disposes it.</returns>
    /// <exception cref="CheckpointException">None of the files is there, or the one that is cannot be used.</exception>
    public static ITensorSource Open(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string[] names = [SafetensorsNames.SingleFile, SafetensorsNames.IndexFile, TorchFile, TorchIndexFile];
        string found = Array.Find(names, name => File.Exists(Path.Combine(folder, name)))
            ?? throw new CheckpointException(folder, $"holds no weights: looked for {string.Join(", ", names)}");
        string path = Path.Combine(folder, found);
        return found switch
        {
            SafetensorsNames.SingleFile => SafetensorsFile.Open(path),
            TorchFile => TorchStateDict.Open(path),
            _ => ShardedCheckpoint.Open(path),
        };
    }
}
