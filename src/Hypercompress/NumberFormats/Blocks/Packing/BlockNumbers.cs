namespace Hypercompress.NumberFormats.Blocks.Packing;

/// <summary>The numbers that a block stores.</summary>
/// <param name="elements">Elements of the block.</param>
/// <param name="parts">Parts of the block.</param>
internal sealed class BlockNumbers(int elements, int parts)
{
    /// <summary>The step of a block of one part, or the number whose small multiples the steps are.</summary>
    public Half Scale { get; set; }

    /// <summary>The base of a block of one part, or the number whose small multiples the bases are, negated.</summary>
    public Half Base { get; set; }

    /// <summary>The small number of the step of each part.</summary>
    public int[] Scales { get; } = new int[parts];

    /// <summary>The small number of the base of each part.</summary>
    public int[] Bases { get; } = new int[parts];

    /// <summary>The code of each element: the place of its level in the list.</summary>
    public byte[] Codes { get; } = new byte[elements];
}
