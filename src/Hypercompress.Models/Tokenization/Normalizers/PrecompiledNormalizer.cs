using System.Globalization;
using System.Text;

namespace Hypercompress.Models.Tokenization.Normalizers;

/// <summary>
/// SentencePiece's rules as Hugging Face applies them: to what a reader sees as one character when it is short, else to
/// its code points; of the rules that fit, the shortest.
/// </summary>
internal sealed class PrecompiledNormalizer(CharacterMap map) : INormalizer
{
    private const int ShortBytes = 6;

    public NormalizedText Normalize(NormalizedText text) => text.With(Replace(text.Text));

    private string Replace(string text)
    {
        var output = new StringBuilder(text.Length);
        Span<byte> utf8 = stackalloc byte[4 * ShortBytes];
        for (int start = 0, length; start < text.Length; start += length)
        {
            length = StringInfo.GetNextTextElementLength(text.AsSpan(start));
            var element = text.AsSpan(start, length);
            if (length < ShortBytes && Encoding.UTF8.GetBytes(element, utf8) is < ShortBytes and var count
                && map.Shortest(utf8[..count]) is { } replacement)
            {
                output.Append(replacement);
            }
            else
            {
                AppendRunes(element, output);
            }
        }

        return output.ToString();
    }

    private void AppendRunes(ReadOnlySpan<char> element, StringBuilder output)
    {
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in element.EnumerateRunes())
        {
            if (map.Shortest(utf8[..rune.EncodeToUtf8(utf8)]) is { } replacement)
            {
                output.Append(replacement);
            }
            else
            {
                output.Append(rune);
            }
        }
    }
}
