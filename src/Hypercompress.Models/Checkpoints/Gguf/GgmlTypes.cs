using System.Collections.Frozen;
using Hypercompress.Models.Checkpoints.Gguf.Blocks;
using Hypercompress.Models.Checkpoints.Gguf.Blocks.Decoders;
using static TorchSharp.torch;

namespace Hypercompress.Models.Checkpoints.Gguf;

/// <summary>The element types of GGUF by their number in the file.</summary>
internal static class GgmlTypes
{
    private static readonly FrozenDictionary<uint, StoredType> Readable = new Dictionary<uint, StoredType>
    {
        [0] = new("F32", 1, 4, ScalarType.Float32),
        [1] = new("F16", 1, 2, ScalarType.Float16),
        [2] = Quantized("Q4_0", GgmlBlock.Small, 18, new GgmlNibbleDecoder(hasMinimum: false, hasFifthBit: false)),
        [3] = Quantized("Q4_1", GgmlBlock.Small, 20, new GgmlNibbleDecoder(hasMinimum: true, hasFifthBit: false)),
        [6] = Quantized("Q5_0", GgmlBlock.Small, 22, new GgmlNibbleDecoder(hasMinimum: false, hasFifthBit: true)),
        [7] = Quantized("Q5_1", GgmlBlock.Small, 24, new GgmlNibbleDecoder(hasMinimum: true, hasFifthBit: true)),
        [8] = Quantized("Q8_0", GgmlBlock.Small, 34, new GgmlByteDecoder(codesAt: 2)),
        [9] = Quantized("Q8_1", GgmlBlock.Small, 36, new GgmlByteDecoder(codesAt: 4)),
        [10] = Quantized("Q2_K", GgmlBlock.Large, 84, new GgmlQ2KDecoder()),
        [11] = Quantized("Q3_K", GgmlBlock.Large, 110, new GgmlQ3KDecoder()),
        [12] = Quantized("Q4_K", GgmlBlock.Large, 144, new GgmlQ4KDecoder(hasFifthBit: false)),
        [13] = Quantized("Q5_K", GgmlBlock.Large, 176, new GgmlQ4KDecoder(hasFifthBit: true)),
        [14] = Quantized("Q6_K", GgmlBlock.Large, 210, new GgmlQ6KDecoder()),
        [15] = Quantized("Q8_K", GgmlBlock.Large, 292, new GgmlQ8KDecoder()),
        [16] = Quantized("IQ2_XXS", GgmlBlock.Large, 66, new GgmlIq2XxsDecoder()),
        [17] = Quantized("IQ2_XS", GgmlBlock.Large, 74, new GgmlIq2XsDecoder()),
        [18] = Quantized("IQ3_XXS", GgmlBlock.Large, 98, new GgmlIq3XxsDecoder()),
        [19] = Quantized("IQ1_S", GgmlBlock.Large, 50, new GgmlIq1SDecoder()),
        [20] = Quantized(
            "IQ4_NL", GgmlBlock.Small, 18,
                new GgmlLevelDecoder(1, GgmlBlock.Small, 2, GgmlLevels.Half, GgmlLevels.Uneven)),
        [21] = Quantized("IQ3_S", GgmlBlock.Large, 110, new GgmlIq3SDecoder()),
        [22] = Quantized("IQ2_S", GgmlBlock.Large, 82, new GgmlIq2SDecoder()),
        [23] = Quantized("IQ4_XS", GgmlBlock.Large, 136, new GgmlIq4XsDecoder()),
        [24] = new("I8", 1, 1, ScalarType.Int8),
        [25] = new("I16", 1, 2, ScalarType.Int16),
        [26] = new("I32", 1, 4, ScalarType.Int32),
        [27] = new("I64", 1, 8, ScalarType.Int64),
        [28] = new("F64", 1, 8, ScalarType.Float64),
        [29] = Quantized("IQ1_M", GgmlBlock.Large, 56, new GgmlIq1MDecoder()),
        [30] = new("BF16", 1, 2, ScalarType.BFloat16),
        [34] = Quantized("TQ1_0", GgmlBlock.Large, 54, new GgmlTernaryDecoder()),
        [35] = Quantized("TQ2_0", GgmlBlock.Large, 66, new GgmlBitDecoder(GgmlBlock.Large, 2, 32, true, [-1, 0, 1, 2])),
        [39] = Quantized(
            "MXFP4", GgmlBlock.Small, 17,
                new GgmlLevelDecoder(1, GgmlBlock.Small, 1, GgmlLevels.HalvedE8M0, GgmlLevels.DoubledE2M1)),
        [40] = Quantized(
            "NVFP4", 64, 36, new GgmlLevelDecoder(4, 16, 1, GgmlLevels.HalvedE4M3, GgmlLevels.DoubledE2M1)),
        [41] = Quantized("Q1_0", 128, 18, new GgmlBitDecoder(128, 1, 1, false, [-1, 1])),
        [42] = Quantized("Q2_0", 64, 18, new GgmlBitDecoder(64, 2, 1, false, [-1, 0, 1, 2])),
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<uint, string> Removed = new Dictionary<uint, string>
    {
        [4] = "Q4_2",
        [5] = "Q4_3",
        [31] = "Q4_0_4_4",
        [32] = "Q4_0_4_8",
        [33] = "Q4_0_8_8",
        [36] = "IQ4_NL_4_4",
        [37] = "IQ4_NL_4_8",
        [38] = "IQ4_NL_8_8",
    }.ToFrozenDictionary();

    /// <summary>Finds a type.</summary>
    /// <param name="number">Its number in the file.</param>
    /// <returns>The type, or null when it cannot be read.</returns>
    public static StoredType? Find(uint number) => Readable.GetValueOrDefault(number);

    /// <summary>The name of a type that cannot be read.</summary>
    /// <param name="number">Its number in the file.</param>
    /// <returns>Number and, when known, name.</returns>
    public static string Describe(uint number) =>
        Removed.TryGetValue(number, out string? name)
            ? $"{name} (type {number}, which llama.cpp has given up)"
            : $"type {number}";

    private static StoredType Quantized(string name, int elements, int bytes, BlockDecoder decoder) =>
        new(name, elements, bytes, ScalarType.Float32, decoder);
}
