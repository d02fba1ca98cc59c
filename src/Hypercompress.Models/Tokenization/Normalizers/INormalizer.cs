namespace Hypercompress.Models.Tokenization.Normalizers;

/// <summary>Rewrites text before it is cut into pieces.</summary>
internal interface INormalizer
{
    /// <summary>Rewrites a text.</summary>
    /// <exception cref="WorkBudgetException">The text grows out of proportion.</exception>
    NormalizedText Normalize(NormalizedText text);
}
