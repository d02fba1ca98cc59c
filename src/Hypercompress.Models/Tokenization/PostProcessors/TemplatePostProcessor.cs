namespace Hypercompress.Models.Tokenization.PostProcessors;

/// <summary>Fixed ids and the text's ids in a given order; a null part stands for the text.</summary>
internal sealed class TemplatePostProcessor(IReadOnlyList<int[]?> parts) : IPostProcessor
{
    public List<int> Process(List<int> ids)
    {
        var output = new List<int>(ids.Count + parts.Count);
        foreach (var part in parts)
        {
            output.AddRange(part ?? (IEnumerable<int>)ids);
        }

        return output;
    }
}
