using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Checkpoints;

/// <summary>Finds the weights in a model folder laid out as Hugging Face does.</summary>
public static class CheckpointFolder
{
    /// <summary>Name of an unsharded safetensors checkpoint.</summary>
    public const string SingleFile = "model.safetensors";

    /// <summary>Name of the index of a sharded safetensors checkpoint.</summary>
    public const string IndexFile = "model.safetensors.index.json";

    /// <summary>Name of a checkpoint in PyTorch's own format.</summary>
    public const string TorchFile = "pytorch_model.bin";

    /// <summary>
    /// Opens the weights: <see cref="SingleFile"/> when it is there, else <see cref="IndexFile"/>, else
    /// <see cref="TorchFile"/>.
    /// </summary>
    /// <param name="folder">The model folder.</param>
    /// <returns>The open checkpoint; the caller disposes it.</returns>
    /// <exception cref="CheckpointException">None of the files is there, or the one that is cannot be used.</exception>
    public static ITensorSource Open(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string single = Path.Combine(folder, SingleFile);
        string index = Path.Combine(folder, IndexFile);
        string torch = Path.Combine(folder, TorchFile);
        if (File.Exists(single))
        {
            return SafetensorsFile.Open(single);
        }

        if (File.Exists(index))
        {
            return ShardedSafetensors.Open(index);
        }

        return File.Exists(torch)
            ? TorchStateDict.Open(torch)
            : throw new CheckpointException(
                folder, $"holds no weights: looked for {SingleFile}, {IndexFile} and {TorchFile}");
    }
}
