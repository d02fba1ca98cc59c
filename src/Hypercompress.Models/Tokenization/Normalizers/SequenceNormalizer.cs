namespace Hypercompress.Models.Tokenization.Normalizers;

/// <summary>Several normalizers, one after the other; none leaves the text as it is.</summary>
internal sealed class SequenceNormalizer(IReadOnlyList<INormalizer> steps) : INormalizer
{
    public string Normalize(string text) => steps.Aggregate(text, (current, step) => step.Normalize(current));
}
