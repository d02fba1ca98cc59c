namespace Hypercompress.Models.Tokenization.Normalizers;

/// <summary>Removes white space at the ends.</summary>
internal sealed class StripNormalizer(bool left, bool right) : INormalizer
{
    public NormalizedText Normalize(NormalizedText text)
    {
        string stripped = left ? text.Text.TrimStart() : text.Text;
        bool keepsFirst = stripped.Length == text.Text.Length;
        return text.With(right ? stripped.TrimEnd() : stripped) with { StartsInput = text.StartsInput && keepsFirst };
    }
}
