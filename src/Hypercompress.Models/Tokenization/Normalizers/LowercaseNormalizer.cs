namespace Hypercompress.Models.Tokenization.Normalizers;

/// <summary>Unicode lower case.</summary>
internal sealed class LowercaseNormalizer : INormalizer
{
    // The only character whose lower case is longer than itself: capital I with a dot.
    public NormalizedText Normalize(NormalizedText text) =>
        text.With(text.Text.Replace("\u0130", "i\u0307", StringComparison.Ordinal).ToLowerInvariant());
}
