namespace Hypercompress.Models.Tokenization.PreTokenizers;

/// <summary>Several pre-tokenizers, one after the other; none leaves the text in one piece.</summary>
internal sealed class SequencePreTokenizer(IReadOnlyList<IPreTokenizer> steps) : IPreTokenizer
{
    public void Apply(PreTokenizedText text)
    {
        foreach (var step in steps)
        {
            step.Apply(text);
        }
    }
}
