using System.Text;

namespace Hypercompress.Models.Tokenization.Normalizers;

/// <summary>Drops characters of a class (accents after decomposition).</summary>
internal sealed class RuneFilterNormalizer(Func<Rune, bool> drops) : INormalizer
{
    public NormalizedText Normalize(NormalizedText text)
    {
        var output = new StringBuilder(text.Text.Length);
        foreach (var rune in text.Text.EnumerateRunes())
        {
            if (!drops(rune))
            {
                output.Append(rune);
            }
        }

        bool dropsFirst = text.Text.Length > 0 && drops(Rune.GetRuneAt(text.Text, 0));
        return text.With(output.ToString()) with { StartsInput = text.StartsInput && !dropsFirst };
    }
}
