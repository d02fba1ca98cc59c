using System.Text;

namespace Hypercompress.Models.Tests.Tokenization.Reference;

/// <summary>Texts of many kinds, some written by hand and the others put together at random from a fixed
/// seed.</summary>
internal static class ReferenceTexts
{
    private const int RandomTexts = 700;

    private static readonly string[] Written =
    [
        "", " ", "  ", "\n", "\n\n", " \n ", "a", " a", "a ", "  a  b  ", "Hello, world!",
        "I'll, we'VE, DON'T, it'\u017f",
        "1", "12", "123", "1234567", "1 234 567.89", "3.14e-10", "x1y22z333", "\u00b2\u0663\u2167\u2460 \uff11\uff12",
        "line one\nline two\r\nline three\n", "tail  \n", "tail \t", "\t\tindented\n\t\tmore", "if x:\n    return  1\n",
        "snake_case camelCase PascalCase SHOUT HTTPServer iPhone",
        "a-b/c\\d|e&f%g$h#i@j!k?l~m^n*o(p)q[r]s{t}u<v>w=x+y`z",
        "\u6f22\u5b57\u304b\u306a\u30ab\u30bf\u30ab\u30ca\u6df7\u5728", "\ud55c\uad6d\uc5b4 \ud14d\uc2a4\ud2b8",
        "\u4e16\u754c\uff0c\u4f60\u597d\uff01123\u4e2a",
        "na\u00efve cafe\u0301 e\u0301\u0323 \u00c5\u212b",
        "\u0645\u0631\u062d\u0628\u0627 \u05e9\u05dc\u05d5\u05dd \u0661\u0662\u0663",
        "\u0928\u092e\u0938\u094d\u0924\u0947 \u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35",
        "\ud83d\ude42\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67\ud83c\uddeb\ud83c\uddf7 \u2764\ufe0f",
        "\ud835\udc00\ud835\udc1b\ud835\udfcf \ud801\udc00 \ud840\udc00",
        "\u0000\u0001\u001f\u007f\u0085\u00a0\u1680\u2003\u200b\u2028\u2029\u202f\u3000\ufeff",
        "\u00df\u1e9e ss SS \ufb01 \ufb03 \u0130\u0131",
        "https://example.org/a?b=c&d=%20#e", "mail@example.org", "<|endoftext|> <s>[INST] x [/INST]</s>",
        "\ufffd\ufffe\uffff", "\ue000\uf8ff",
        "...---!!!???,,,;;;:::", "\u201cquoted\u201d \u2018single\u2019 \u00abguillemets\u00bb \u2014 \u2013 \u2026",
        "$100 \u20ac50 \u00a320 \u00a5",
        "(1) [2] {3} 4% 5\u00b0", "a\u0300\u0301\u0302b", "x\u200dy\u200cz", "1,000,000 0x1F 0b101 1_000",
        "\u01c5 \u1f88 \u02b0\u02b1 \u2c60",
    ];

    private static readonly string[] Parts =
    [
        " ", " ", "  ", "   ", "\n", "\n", "\r\n", "\t", "\u00a0", "\u3000", "\u2003", "\u200b", "\u0085", "a", "b",
        "Z", "word", "Word", "WORD", "camelCase",
        "\u00e9", "e\u0301", "\u00df", "\u017f", "\u01c5", "\u02b0", "\u0391\u03b3\u03b1", "\u0416\u0436", "\u6f22",
        "\u5b57", "\u304b\u306a", "\u30ab\u30bf", "\ud55c\uad6d", "\u0639\u0631\u0628", "\u05e9", "\u0928\u093f",
        "\u0e44\u0e17\u0e22",
        "1", "22", "333", "4444", "55555", "\u00b2", "\u0663", "\u2167", "\u2460", "'s", "'T", "'ll", "'RE", "'",
        "\"", ".", ",", "!", "?", "-", "_", "/", "\\", "(", ")", "[", "]", "{", "}", "<", ">", "=", "+",
        "$", "\u20ac", "#", "@", "%", "&", "*", "^", "~", "|", "`", "\u2014", "\u201c", "\u201d", "\u2026", "\u3002",
        "\uff0c", "\uff01", "\u00ab", "\ud83d\ude42", "\ud83d\udc4d\ud83c\udffd", "\u2764\ufe0f",
        "\ud83c\uddeb\ud83c\uddf7",
        "\ud835\udc00", "\ud835\udfcf", "\ud840\udc00", "\ud801\udc00", "\u0301", "\u0323", "\u20dd", "\u200d",
        "\ufe0f", "\ufeff", "\u0000", "\u0007", "\u001b", "\u007f", "\ue000", "\u0378", "\ud83f\udffe",
    ];

    /// <summary>All of them, without unpaired surrogates.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Written, .. Random()];

    private static IEnumerable<string> Random()
    {
        var random = new Random(20250);
        for (int i = 0; i < RandomTexts; i++)
        {
            var text = new StringBuilder();
            for (int part = random.Next(1, 24); part > 0; part--)
            {
                text.Append(Parts[random.Next(Parts.Length)]);
            }

            yield return text.ToString();
        }
    }
}
