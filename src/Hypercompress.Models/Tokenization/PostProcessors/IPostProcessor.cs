namespace Hypercompress.Models.Tokenization.PostProcessors;

/// <summary>Adds the special tokens around the ids of a text.</summary>
internal interface IPostProcessor
{
    List<int> Process(List<int> ids);
}
