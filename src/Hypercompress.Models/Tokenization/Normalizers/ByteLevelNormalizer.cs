using System.Text;

namespace Hypercompress.Models.Tokenization.Normalizers;

/// <summary>Writes the UTF-8 bytes of the text in the byte-level alphabet.</summary>
internal sealed class ByteLevelNormalizer : INormalizer
{
    public string Normalize(string text)
    {
        var output = new StringBuilder(text.Length);
        ByteAlphabet.Append(text, output);
        return output.ToString();
    }
}
