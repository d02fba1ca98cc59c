namespace Hypercompress.Models.Tokenization;

/// <summary>Something that can be looked for in a text.</summary>
internal interface ITextPattern
{
    /// <summary>
    /// Appends all matches, ascending and disjoint, relative to the start of <paramref name="text"/>.
    /// </summary>
    void FindMatches(ReadOnlySpan<char> text, List<TextRange> matches);
}
