using System.Text;

namespace Hypercompress.Models.Tokenization.Normalizers;

/// <summary>Writes the UTF-8 bytes of the text in the byte-level alphabet.</summary>
internal sealed class ByteLevelNormalizer : INormalizer
{
    public NormalizedText Normalize(NormalizedText text)
    {
        var output = new StringBuilder(text.Text.Length);
        ByteAlphabet.Append(text.Text, output);
        return text.With(output.ToString());
    }
}
