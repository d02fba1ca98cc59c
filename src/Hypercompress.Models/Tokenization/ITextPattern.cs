namespace Hypercompress.Models.Tokenization;

/// <summary>Something that can be looked for in a text.</summary>
internal interface ITextPattern
{
    /// <summary>
    /// Appends all matches, ascending and disjoint, relative to the start of <paramref name="text"/>. A match without
    /// length is a cut.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="matches">Receives the matches.</param>
    /// <param name="budget">The work that may be spent.</param>
    void FindMatches(ReadOnlySpan<char> text, List<TextRange> matches, WorkBudget budget);
}
