using System.Collections.Immutable;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;
using Hypercompress.NumberFormats;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.TestKit;

/// <summary>A checkpoint that is a dictionary; owns its tensors.</summary>
public sealed class InMemoryTensorSource : ITensorSource
{
    public const string File = "memory.safetensors";

    private readonly Dictionary<string, Tensor> _tensors;

    /// <summary>Takes over tensors.</summary>
    public InMemoryTensorSource(IEnumerable<StoredTensor> tensors)
    {
        _tensors = tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Value);
        foreach (var tensor in _tensors.Values)
        {
            tensor.DetachFromDisposeScope();
        }
    }

    public IReadOnlyDictionary<string, TensorInfo> Tensors => _tensors.ToDictionary(
        pair => pair.Key,
        pair => new TensorInfo(pair.Key, NameOf(pair.Value.dtype), [.. pair.Value.shape], BytesOf(pair.Value), File));

    /// <summary>Bytes of all tensors' data.</summary>
    public long TotalBytes => _tensors.Values.Sum(BytesOf);

    public Tensor Read(string name) => _tensors.TryGetValue(name, out Tensor? tensor)
        ? tensor.clone()
        : throw new CheckpointException(File, $"tensor {name} is missing");

    /// <summary>The same checkpoint with one tensor exchanged, or removed when null; this one is emptied.</summary>
    public InMemoryTensorSource With(string name, Tensor? value)
    {
        var others = _tensors.Where(pair => pair.Key != name).Select(pair => new StoredTensor(pair.Key, pair.Value));
        var changed = new InMemoryTensorSource(value is null ? others : others.Append(new StoredTensor(name, value)));
        if (_tensors.Remove(name, out Tensor? old))
        {
            old.Dispose();
        }

        _tensors.Clear();
        return changed;
    }

    public void Dispose()
    {
        foreach (var tensor in _tensors.Values)
        {
            tensor.Dispose();
        }
    }

    private static long BytesOf(Tensor tensor) => tensor.numel() * tensor.element_size();

    private static string NameOf(ScalarType type) => type switch
    {
        ScalarType.Float64 => "F64",
        ScalarType.Float32 => "F32",
        ScalarType.Float16 => "F16",
        ScalarType.BFloat16 => "BF16",
        ScalarType.Int64 => "I64",
        ScalarType.Int32 => "I32",
        ScalarType.Int16 => "I16",
        ScalarType.Int8 => "I8",
        ScalarType.Byte => "U8",
        ScalarType.Bool => "BOOL",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "has no name in a checkpoint"),
    };
}
