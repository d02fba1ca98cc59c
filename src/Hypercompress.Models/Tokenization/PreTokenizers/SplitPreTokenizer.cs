namespace Hypercompress.Models.Tokenization.PreTokenizers;

/// <summary>Cuts at the matches of a pattern.</summary>
internal sealed class SplitPreTokenizer(ITextPattern pattern, SplitBehavior behavior, bool invert = false)
    : IPreTokenizer
{
    public void Apply(PreTokenizedText text) => text.Cut(pattern, behavior, invert);
}
