namespace Hypercompress.Models.Checkpoints.Gguf.Blocks;

/// <summary>The element types of GGUF that can be written, with their numbers in the file.</summary>
public enum GgmlType : uint
{
    /// <summary>Single precision.</summary>
    F32 = 0,

    /// <summary>Half precision.</summary>
    F16 = 1,

    /// <summary><c>Q4_0</c>: 4 bits and a half-precision scale for 32 elements; 4.5 bits each.</summary>
    Q40 = 2,

    /// <summary><c>Q4_1</c>: 4 bits, a half-precision scale and minimum for 32 elements; 5 bits each.</summary>
    Q41 = 3,

    /// <summary><c>Q5_0</c>: 5 bits and a half-precision scale for 32 elements; 5.5 bits each.</summary>
    Q50 = 6,

    /// <summary><c>Q5_1</c>: 5 bits, a half-precision scale and minimum for 32 elements; 6 bits each.</summary>
    Q51 = 7,

    /// <summary><c>Q8_0</c>: 8 bits and a half-precision scale for 32 elements; 8.5 bits each.</summary>
    Q80 = 8,

    /// <summary><c>Q2_K</c>: 2 bits, 4-bit scales and minimums for 16 of 256 elements; 2.625 bits each.</summary>
    Q2K = 10,

    /// <summary><c>Q3_K</c>: 3 bits, 6-bit scales for 16 of 256 elements; 3.4375 bits each.</summary>
    Q3K = 11,

    /// <summary><c>Q4_K</c>: 4 bits, 6-bit scales and minimums for 32 of 256 elements; 4.5 bits each.</summary>
    Q4K = 12,

    /// <summary><c>Q5_K</c>: 5 bits, 6-bit scales and minimums for 32 of 256 elements; 5.5 bits each.</summary>
    Q5K = 13,

    /// <summary><c>Q6_K</c>: 6 bits, 8-bit scales for 16 of 256 elements; 6.5625 bits each.</summary>
    Q6K = 14,

    /// <summary><c>IQ2_XXS</c>: groups of eight from a book of 256, 4-bit scales for 32; 2.0625 bits each.</summary>
    Iq2Xxs = 16,

    /// <summary><c>IQ2_XS</c>: groups of eight from a book of 512, 4-bit scales for 16; 2.3125 bits each.</summary>
    Iq2Xs = 17,

    /// <summary><c>IQ3_XXS</c>: groups of four from a book of 256, 4-bit scales for 32; 3.0625 bits each.</summary>
    Iq3Xxs = 18,

    /// <summary><c>IQ1_S</c>: groups of eight from a book of 2048, 3-bit scales for 32; 1.5625 bits each.</summary>
    Iq1S = 19,

    /// <summary><c>IQ4_NL</c>: 16 uneven levels and a half-precision scale for 32 elements; 4.5 bits each.</summary>
    Iq4Nl = 20,

    /// <summary><c>IQ3_S</c>: groups of four from a book of 512, 4-bit scales for 32; 3.4375 bits each.</summary>
    Iq3S = 21,

    /// <summary><c>IQ2_S</c>: groups of eight from a book of 1024, 4-bit scales for 16; 2.5625 bits each.</summary>
    Iq2S = 22,

    /// <summary><c>IQ4_XS</c>: the same levels, 6-bit scales for 32 of 256 elements; 4.25 bits each.</summary>
    Iq4Xs = 23,

    /// <summary><c>IQ1_M</c>: groups of eight from a book of 2048, 3-bit scales for 16; 1.75 bits each.</summary>
    Iq1M = 29,

    /// <summary><c>TQ1_0</c>: −d, 0 or d with one d for 256 elements, five in a byte; 1.6875 bits each.</summary>
    Tq10 = 34,

    /// <summary><c>TQ2_0</c>: −d, 0 or d with one d for 256 elements, four in a byte; 2.0625 bits each.</summary>
    Tq20 = 35,

    /// <summary>bfloat16.</summary>
    BF16 = 30,
}
