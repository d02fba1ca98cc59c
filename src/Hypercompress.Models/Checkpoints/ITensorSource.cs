using Hypercompress.Models.Errors;
using TorchSharp;

namespace Hypercompress.Models.Checkpoints;

/// <summary>Named tensors of a checkpoint, read one at a time; opening one reads headers only.</summary>
public interface ITensorSource : IDisposable
{
    /// <summary>All tensors by name.</summary>
    IReadOnlyDictionary<string, TensorInfo> Tensors { get; }

    /// <summary>Reads one tensor into memory of its own (CPU); the caller disposes it.</summary>
    /// <param name="name">A key of <see cref="Tensors"/>.</param>
    /// <returns>
    /// The values in their stored type where torch has it (F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL);
    /// float8 and block-quantized types are widened to float32.
    /// </returns>
    /// <exception cref="CheckpointException">No tensor has that name, or its data cannot be read.</exception>
    torch.Tensor Read(string name);
}
