namespace Hypercompress.Models.Tokenization.Decoders;

/// <summary>Several decoders, one after the other.</summary>
internal sealed class SequenceDecoder(IReadOnlyList<IDecoder> steps) : IDecoder
{
    public List<string> Decode(List<string> tokens) =>
        steps.Aggregate(tokens, (current, step) => step.Decode(current));
}
