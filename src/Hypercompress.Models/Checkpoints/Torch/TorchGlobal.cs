using System.Collections.Frozen;
using Hypercompress.Models.Checkpoints.Safetensors;

namespace Hypercompress.Models.Checkpoints.Torch;

/// <summary>
/// A name that a checkpoint's pickle may use. The table is closed: nothing is ever looked up or executed.
/// </summary>
/// <param name="Name">Module and name.</param>
/// <param name="Kind">Its meaning.</param>
/// <param name="Type">The element type of a typed storage, or the element type itself.</param>
internal sealed record TorchGlobal(string Name, TorchGlobalKind Kind, StoredType? Type = null)
{
    private static readonly FrozenDictionary<string, TorchGlobal> Known = All().ToFrozenDictionary(
        global => global.Name, StringComparer.Ordinal);

    /// <summary>Finds a name.</summary>
    /// <param name="module">Its module.</param>
    /// <param name="name">The name in it.</param>
    /// <returns>Its meaning.</returns>
    /// <exception cref="PickleException">It is not in the table.</exception>
    public static TorchGlobal Find(string module, string name) =>
        Known.GetValueOrDefault($"{module}.{name}") ?? throw new PickleException(
            $"it uses {module}.{name}; only tensors, numbers, texts and containers are read. "
            + "Save the state_dict() alone");

    private static IEnumerable<TorchGlobal> All() =>
    [
        new("collections.OrderedDict", TorchGlobalKind.OrderedDictionary),
        new("torch.Size", TorchGlobalKind.Size),
        new("torch._utils._rebuild_tensor_v2", TorchGlobalKind.RebuildTensor),
        new("torch._utils._rebuild_tensor_v3", TorchGlobalKind.RebuildTypedTensor),
        new("torch._utils._rebuild_parameter", TorchGlobalKind.RebuildParameter),
        new("torch.storage.UntypedStorage", TorchGlobalKind.Storage),
        .. Storages().Select(pair => new TorchGlobal(
            $"torch.{pair.Class}Storage", TorchGlobalKind.Storage, SafetensorsTypes.Find(pair.Type))),
        .. ElementTypes().Select(pair => new TorchGlobal(
            $"torch.{pair.Name}", TorchGlobalKind.ElementType, SafetensorsTypes.Find(pair.Type))),
    ];

    private static IEnumerable<(string Class, string Type)> Storages() =>
    [
        ("Float", "F32"), ("Double", "F64"), ("Half", "F16"), ("BFloat16", "BF16"), ("Char", "I8"), ("Byte", "U8"),
        ("Short", "I16"), ("Int", "I32"), ("Long", "I64"), ("Bool", "BOOL"),
    ];

    private static IEnumerable<(string Name, string Type)> ElementTypes() =>
    [
        ("float32", "F32"), ("float64", "F64"), ("float16", "F16"), ("bfloat16", "BF16"), ("int8", "I8"),
        ("uint8", "U8"), ("int16", "I16"), ("int32", "I32"), ("int64", "I64"), ("bool", "BOOL"), ("uint16", "U16"),
        ("uint32", "U32"), ("uint64", "U64"), ("float8_e4m3fn", "F8_E4M3"), ("float8_e5m2", "F8_E5M2"),
        ("float8_e4m3fnuz", "F8_E4M3FNUZ"), ("float8_e5m2fnuz", "F8_E5M2FNUZ"), ("float8_e8m0fnu", "F8_E8M0"),
    ];
}
