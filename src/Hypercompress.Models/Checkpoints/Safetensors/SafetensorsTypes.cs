using System.Collections.Frozen;
using System.Collections.Immutable;
using static TorchSharp.torch;

namespace Hypercompress.Models.Checkpoints.Safetensors;

/// <summary>
/// The element types of the safetensors format, narrowest alignment first as the reference orders them.
/// </summary>
internal static class SafetensorsTypes
{
    private static readonly ImmutableArray<StoredType> Ordered =
    [
        new("BOOL", 1, 1, ScalarType.Bool),
        new("F4", 2, 1, null),
        new("F6_E2M3", 4, 3, null),
        new("F6_E3M2", 4, 3, null),
        new("U8", 1, 1, ScalarType.Byte),
        new("I8", 1, 1, ScalarType.Int8),
        new("F8_E5M2", 1, 1, ScalarType.Float32, Float8Decoder.E5M2),
        new("F8_E4M3", 1, 1, ScalarType.Float32, Float8Decoder.E4M3),
        new("F8_E8M0", 1, 1, ScalarType.Float32, Float8Decoder.E8M0),
        new("F8_E4M3FNUZ", 1, 1, ScalarType.Float32, Float8Decoder.E4M3Fnuz),
        new("F8_E5M2FNUZ", 1, 1, ScalarType.Float32, Float8Decoder.E5M2Fnuz),
        new("I16", 1, 2, ScalarType.Int16),
        new("U16", 1, 2, ScalarType.Int32, new UnsignedDecoder(2)),
        new("F16", 1, 2, ScalarType.Float16),
        new("BF16", 1, 2, ScalarType.BFloat16),
        new("I32", 1, 4, ScalarType.Int32),
        new("U32", 1, 4, ScalarType.Int64, new UnsignedDecoder(4)),
        new("F32", 1, 4, ScalarType.Float32),
        new("C64", 1, 8, null),
        new("F64", 1, 8, ScalarType.Float64),
        new("I64", 1, 8, ScalarType.Int64),
        new("U64", 1, 8, ScalarType.Int64, new UnsignedDecoder(8)),
    ];

    private static readonly FrozenDictionary<string, StoredType> ByName =
        Ordered.ToFrozenDictionary(type => type.Name, StringComparer.Ordinal);

    /// <summary>Finds a type by its name in a header.</summary>
    /// <param name="name">Such as <c>BF16</c>.</param>
    /// <returns>The type, or null when the format has none of that name.</returns>
    public static StoredType? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The type that stores a torch type without change.</summary>
    /// <param name="type">A torch type.</param>
    /// <returns>The stored type.</returns>
    /// <exception cref="ArgumentException">
    /// The format has no such type, or it is one that reading would widen.
    /// </exception>
    public static StoredType For(ScalarType type) =>
        Ordered.FirstOrDefault(stored => stored.Result == type && stored.Decoder is null)
        ?? throw new ArgumentException($"tensors of type {type} cannot be stored", nameof(type));

    /// <summary>The rank of a type in the reference's order; data is laid out from high to low.</summary>
    /// <param name="type">A type of this table.</param>
    /// <returns>0 for the narrowest.</returns>
    public static int Order(StoredType type) => Ordered.IndexOf(type);
}
