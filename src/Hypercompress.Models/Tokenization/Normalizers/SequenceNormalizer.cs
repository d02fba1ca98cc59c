using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Tokenization.Normalizers;

/// <summary>Several normalizers, one after the other; none leaves the text as it is.</summary>
/// <param name="steps">The normalizers in order.</param>
/// <param name="file">The file that they come from, for messages.</param>
internal sealed class SequenceNormalizer(IReadOnlyList<INormalizer> steps, string file) : INormalizer
{
    /// <exception cref="Errors.CheckpointException">The steps multiply the text.</exception>
    public NormalizedText Normalize(NormalizedText text)
    {
        var current = text;
        foreach (var step in steps)
        {
            current = step.Normalize(current);
            ExpansionGuard.Check(text.Text.Length, current.Text.Length, file);
        }

        return current;
    }
}
