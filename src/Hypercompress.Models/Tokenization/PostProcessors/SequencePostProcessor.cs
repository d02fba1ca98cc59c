namespace Hypercompress.Models.Tokenization.PostProcessors;

/// <summary>Several post-processors, one after the other; none adds nothing.</summary>
internal sealed class SequencePostProcessor(IReadOnlyList<IPostProcessor> steps) : IPostProcessor
{
    public List<int> Process(List<int> ids) => steps.Aggregate(ids, (current, step) => step.Process(current));
}
