namespace Hypercompress.Models.Architectures;

/// <summary>How the rows of what a checkpoint's tensor holds are arranged in it.</summary>
public enum RowOrder
{
    /// <summary>All rows of the first part, then all rows of the next.</summary>
    Stacked,

    /// <summary>Head by head: the head's rows of the first part, then its rows of the next (GPT-NeoX).</summary>
    HeadByHead,

    /// <summary>
    /// The two halves of each head interleaved, so that a rotated pair is two rows that follow each other (GGUF's
    /// <c>llama</c>).
    /// </summary>
    RotaryPairs,
}
