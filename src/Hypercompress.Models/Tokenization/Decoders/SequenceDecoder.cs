using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Tokenization.Decoders;

/// <summary>Several decoders, one after the other.</summary>
/// <param name="steps">The decoders in order.</param>
/// <param name="file">The file that they come from, for messages.</param>
internal sealed class SequenceDecoder(IReadOnlyList<IDecoder> steps, string file) : IDecoder
{
    /// <exception cref="Errors.CheckpointException">The steps multiply the text.</exception>
    public List<string> Decode(List<string> tokens)
    {
        long before = tokens.Sum(token => (long)token.Length);
        var budget = new WorkBudget(before);
        var current = tokens;
        foreach (var step in steps)
        {
            budget.Spend(before);
            current = step.Decode(current);
            ExpansionGuard.Check(before, current.Sum(token => (long)token.Length), file);
        }

        return current;
    }
}
