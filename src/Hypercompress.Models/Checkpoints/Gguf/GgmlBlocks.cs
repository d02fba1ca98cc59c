using System.Runtime.InteropServices;
using Hypercompress.Models.Checkpoints.Gguf.Blocks;

namespace Hypercompress.Models.Checkpoints.Gguf;

/// <summary>The blocks of the element types of GGUF, for whoever fills them.</summary>
public static class GgmlBlocks
{
    /// <summary>The name of a type as llama.cpp spells it.</summary>
    /// <param name="type">Any type.</param>
    /// <returns>A name such as <c>Q4_K</c>.</returns>
    public static string Name(GgmlType type) => Find(type).Name;

    /// <summary>Elements of a block.</summary>
    /// <param name="type">Any type.</param>
    /// <returns>32 or 256; 1 for a plain type.</returns>
    public static int Elements(GgmlType type) => Find(type).BlockElements;

    /// <summary>Bytes of a block.</summary>
    /// <param name="type">Any type.</param>
    /// <returns>1 or more.</returns>
    public static int Bytes(GgmlType type) => Find(type).BlockBytes;

    /// <summary>Decodes blocks to the numbers that llama.cpp decodes them to.</summary>
    /// <param name="type">A type with blocks.</param>
    /// <param name="stored">Whole blocks.</param>
    /// <param name="values">Receives the values, <see cref="Elements"/> for each block.</param>
    /// <exception cref="ArgumentException">
    /// The type is plain, or the sizes are not those of the same number of blocks.
    /// </exception>
    public static void Decode(GgmlType type, ReadOnlySpan<byte> stored, Span<float> values)
    {
        StoredType known = Find(type);
        if (known.Decoder is null || stored.Length % known.BlockBytes != 0
            || stored.Length / known.BlockBytes * known.BlockElements != values.Length)
        {
            throw new ArgumentException(
                $"{stored.Length} bytes are not the {known.Name} blocks of {values.Length} values", nameof(stored));
        }

        known.Decoder.Decode(stored, MemoryMarshal.AsBytes(values));
    }

    /// <summary>
    /// The code book of a type whose neighbours take their values together: signed ones in IQ1, magnitudes in others.
    /// </summary>
    /// <param name="type">IQ1_S, IQ1_M, IQ2_XXS, IQ2_XS, IQ2_S, IQ3_XXS or IQ3_S.</param>
    /// <returns>The groups, by their numbers in the file.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Another type.</exception>
    public static GgmlGrid Book(GgmlType type) => type switch
    {
        GgmlType.Iq1S or GgmlType.Iq1M => GgmlGridTables.Iq1,
        GgmlType.Iq2Xxs => GgmlGridTables.Iq2Xxs,
        GgmlType.Iq2Xs => GgmlGridTables.Iq2Xs,
        GgmlType.Iq2S => GgmlGridTables.Iq2S,
        GgmlType.Iq3Xxs => GgmlGridTables.Iq3Xxs,
        GgmlType.Iq3S => GgmlGridTables.Iq3S,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "has no code book"),
    };

    private static StoredType Find(GgmlType type) => GgmlTypes.Find((uint)type)
        ?? throw new ArgumentOutOfRangeException(nameof(type), type, "is not an element type of GGUF");
}
