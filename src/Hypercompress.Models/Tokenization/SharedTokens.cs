namespace Hypercompress.Models.Tokenization;

/// <summary>Whether two tokenizers put the same token behind every id, so that probabilities can be compared.</summary>
public static class SharedTokens
{
    /// <summary>How two tokenizers differ.</summary>
    /// <param name="one">A tokenizer; null where a model has none.</param>
    /// <param name="other">Another one.</param>
    /// <returns>A clause; null where they do not differ, or where one is missing and nothing is known.</returns>
    public static string? Difference(ITokenizer? one, ITokenizer? other)
    {
        if (one is null || other is null)
        {
            return null;
        }

        if (one.VocabularySize != other.VocabularySize)
        {
            return $"there are {one.VocabularySize} and {other.VocabularySize} tokens";
        }

        foreach (int id in Enumerable.Range(0, one.VocabularySize))
        {
            (string here, string there) = (one.Decode([id]), other.Decode([id]));
            if (here != there)
            {
                return $"token {id} is '{here}' and '{there}'";
            }
        }

        return null;
    }
}
