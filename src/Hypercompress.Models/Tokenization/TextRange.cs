namespace Hypercompress.Models.Tokenization;

/// <summary>A stretch of a text, in UTF-16 code units.</summary>
/// <param name="Start">First unit.</param>
/// <param name="Length">Number of units.</param>
internal readonly record struct TextRange(int Start, int Length)
{
    public int End => Start + Length;
}
