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

    /// <summary>Reads the bytes of one tensor as they are stored, without libtorch.</summary>
    /// <param name="name">A key of <see cref="Tensors"/>.</param>
    /// <param name="target">
    /// Filled completely: as many bytes as <see cref="TensorInfo.ByteLength"/> says, in the type that
    /// <see cref="TensorInfo.DataType"/> says.
    /// </param>
    /// <returns>
    /// False where the tensor is not stored as such but made when it is read; nothing is filled then.
    /// </returns>
    /// <exception cref="CheckpointException">No tensor has that name, or its data cannot be read.</exception>
    bool TryReadBytes(string name, Span<byte> target) => false;
}
