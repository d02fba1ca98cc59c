using Hypercompress.Models.Errors;
using Hypercompress.Models.Tokenization;
using Hypercompress.Models.Tokenization.Loading;

namespace Hypercompress.Models.Packages.Gguf.Tokenizer;

/// <summary>Holds the tokenizer that a file will have against the one it is made of.</summary>
internal static class TokenizerSelfTest
{
    private const string FileName = "the exported file";

    private static readonly string[] Texts =
    [
        "", " ", "a", "Hello world", "  two  spaces  in  a  row  ", "I'll pay $1,999.50 (or 3%)?", "a-b_c/d\\e [f] {g} #h ##i",
        "na\u00efve CAF\u00c9 \u00dcn\u00efcode e\u0301\u0323", "\u4e16\u754c \u4f60\u597d! \u3053\u3093\u306b\u3061\u306f \u30ab\u30bf\u30ab\u30ca \ud55c\uad6d\uc5b4",
        "one\ntwo\tthree\r\nfour\n\nfive", "zero\u200bwidth \ufeffmark\u00a0space", "\ud83d\ude42 \ud83d\udc68\u200d\ud83d\udc69", "\ufb01 \uff21 \u2460 \u00bd \u2026 \u201cquoted\u201d \u2014",
        "\u0627\u0644\u0639\u0631\u0628\u064a\u0629 \u0939\u093f\u0928\u094d\u0926\u0940", new string('x', 130),
    ];

    /// <summary>Refuses a file that would give other ids.</summary>
    /// <param name="data">What the file will say.</param>
    /// <param name="tokenizer">What it is made of.</param>
    /// <exception cref="ConfigurationException">The ids of a text differ.</exception>
    public static void Require(GgufTokenizerData data, ITokenizer tokenizer)
    {
        TokenizerJson copy = GgufTokenizer.Create(data, FileName);
        string? differing = Texts.FirstOrDefault(text => !tokenizer.Encode(text).AsSpan().SequenceEqual(copy.Encode(text)));
        if (differing is not null)
        {
            throw GgufTokenTable.Refusal($"this tokenizer as it is (its kind is '{data.Model}' there): the text '{differing}' would get other ids");
        }
    }
}
