using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Tokenization.PostProcessors;

/// <summary>Fixed ids and the text's ids in a given order; a null part stands for the text.</summary>
/// <param name="parts">The parts.</param>
/// <param name="file">The file that they come from, for messages.</param>
internal sealed class TemplatePostProcessor(IReadOnlyList<int[]?> parts, string file) : IPostProcessor
{
    /// <exception cref="CheckpointException">The parts multiply the ids.</exception>
    public List<int> Process(List<int> ids)
    {
        long count = parts.Sum(part => (long)(part?.Length ?? ids.Count));
        ExpansionGuard.Check(ids.Count, count, file);
        var output = new List<int>((int)count);
        foreach (var part in parts)
        {
            output.AddRange(part ?? (IEnumerable<int>)ids);
        }

        return output;
    }
}
