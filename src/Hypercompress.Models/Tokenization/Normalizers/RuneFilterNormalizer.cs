using System.Text;

namespace Hypercompress.Models.Tokenization.Normalizers;

/// <summary>Drops characters of a class (accents after decomposition).</summary>
internal sealed class RuneFilterNormalizer(Func<Rune, bool> drops) : INormalizer
{
    public string Normalize(string text)
    {
        var output = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (!drops(rune))
            {
                output.Append(rune);
            }
        }

        return output.ToString();
    }
}
