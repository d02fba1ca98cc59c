namespace Hypercompress.Models.Tokenization.Normalizers;

/// <summary>Removes white space at the ends.</summary>
internal sealed class StripNormalizer(bool left, bool right) : INormalizer
{
    public string Normalize(string text)
    {
        string stripped = left ? text.TrimStart() : text;
        return right ? stripped.TrimEnd() : stripped;
    }
}
