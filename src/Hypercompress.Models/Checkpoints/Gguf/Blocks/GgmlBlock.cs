namespace Hypercompress.Models.Checkpoints.Gguf.Blocks;

/// <summary>Sizes of the blocks that GGUF's quantized types consist of.</summary>
internal static class GgmlBlock
{
    /// <summary>Elements of a block of the older quantized types.</summary>
    public const int Small = 32;

    /// <summary>Elements of a super-block of the K and I families.</summary>
    public const int Large = 256;
}
