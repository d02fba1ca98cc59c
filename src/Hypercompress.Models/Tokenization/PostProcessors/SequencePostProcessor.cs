using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Tokenization.PostProcessors;

/// <summary>Several post-processors, one after the other; none adds nothing.</summary>
/// <param name="steps">The post-processors in order.</param>
/// <param name="file">The file that they come from, for messages.</param>
internal sealed class SequencePostProcessor(IReadOnlyList<IPostProcessor> steps, string file) : IPostProcessor
{
    /// <exception cref="Errors.CheckpointException">The steps multiply the ids.</exception>
    public List<int> Process(List<int> ids)
    {
        var current = ids;
        foreach (var step in steps)
        {
            current = step.Process(current);
            ExpansionGuard.Check(ids.Count, current.Count, file);
        }

        return current;
    }
}
