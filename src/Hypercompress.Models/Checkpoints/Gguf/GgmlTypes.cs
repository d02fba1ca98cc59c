using System.Collections.Frozen;
using static TorchSharp.torch;

namespace Hypercompress.Models.Checkpoints;

/// <summary>The element types of GGUF by their number in the file.</summary>
internal static class GgmlTypes
{
    /// <summary>Elements of a block of the older quantized types.</summary>
    public const int SmallBlock = 32;

    /// <summary>Elements of a block of the K family.</summary>
    public const int LargeBlock = 256;

    private static readonly FrozenDictionary<uint, StoredType> Readable = new Dictionary<uint, StoredType>
    {
        [0] = new("F32", 1, 4, ScalarType.Float32),
        [1] = new("F16", 1, 2, ScalarType.Float16),
        [2] = Quantized("Q4_0", SmallBlock, 18, new GgmlNibbleDecoder(hasMinimum: false, hasFifthBit: false)),
        [3] = Quantized("Q4_1", SmallBlock, 20, new GgmlNibbleDecoder(hasMinimum: true, hasFifthBit: false)),
        [6] = Quantized("Q5_0", SmallBlock, 22, new GgmlNibbleDecoder(hasMinimum: false, hasFifthBit: true)),
        [7] = Quantized("Q5_1", SmallBlock, 24, new GgmlNibbleDecoder(hasMinimum: true, hasFifthBit: true)),
        [8] = Quantized("Q8_0", SmallBlock, 34, new GgmlByteDecoder()),
        [10] = Quantized("Q2_K", LargeBlock, 84, new GgmlQ2KDecoder()),
        [11] = Quantized("Q3_K", LargeBlock, 110, new GgmlQ3KDecoder()),
        [12] = Quantized("Q4_K", LargeBlock, 144, new GgmlQ4KDecoder(hasFifthBit: false)),
        [13] = Quantized("Q5_K", LargeBlock, 176, new GgmlQ4KDecoder(hasFifthBit: true)),
        [14] = Quantized("Q6_K", LargeBlock, 210, new GgmlQ6KDecoder()),
        [24] = new("I8", 1, 1, ScalarType.Int8),
        [25] = new("I16", 1, 2, ScalarType.Int16),
        [26] = new("I32", 1, 4, ScalarType.Int32),
        [27] = new("I64", 1, 8, ScalarType.Int64),
        [28] = new("F64", 1, 8, ScalarType.Float64),
        [30] = new("BF16", 1, 2, ScalarType.BFloat16),
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<uint, string> Others = new Dictionary<uint, string>
    {
        [9] = "Q8_1",
        [15] = "Q8_K",
        [16] = "IQ2_XXS",
        [17] = "IQ2_XS",
        [18] = "IQ3_XXS",
        [19] = "IQ1_S",
        [20] = "IQ4_NL",
        [21] = "IQ3_S",
        [22] = "IQ2_S",
        [23] = "IQ4_XS",
        [29] = "IQ1_M",
        [34] = "TQ1_0",
        [35] = "TQ2_0",
        [39] = "MXFP4",
    }.ToFrozenDictionary();

    /// <summary>Finds a type.</summary>
    /// <param name="number">Its number in the file.</param>
    /// <returns>The type, or null when it cannot be read.</returns>
    public static StoredType? Find(uint number) => Readable.GetValueOrDefault(number);

    /// <summary>What a type that cannot be read is called.</summary>
    /// <param name="number">Its number in the file.</param>
    /// <returns>Number and, when known, name.</returns>
    public static string Describe(uint number) =>
        Others.TryGetValue(number, out string? name) ? $"{name} (type {number})" : $"type {number}";

    private static StoredType Quantized(string name, int elements, int bytes, BlockDecoder decoder) =>
        new(name, elements, bytes, ScalarType.Float32, decoder);
}
