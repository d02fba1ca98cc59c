namespace Hypercompress.Models.Tokenization.Normalizers;

/// <summary>Puts a string before every text that is not empty.</summary>
internal sealed class PrependNormalizer(string prefix) : INormalizer
{
    public NormalizedText Normalize(NormalizedText text) =>
        text.Text.Length == 0 ? text : text.With(prefix + text.Text);
}
