using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Tokenization;
using Hypercompress.Models.Tokenization.Loading;

namespace Hypercompress.Models.Packages.Gguf.Tokenizer;

/// <summary>Compares the tokenizer that a GGUF file will have with the one that it is made of.</summary>
/// <param name="tokenizer">What the file is made of.</param>
/// <param name="added">The tokens that it recognises in text.</param>
/// <param name="document">Its <c>tokenizer.json</c>; null where it has none.</param>
internal sealed class TokenizerSelfTest(ITokenizer tokenizer, IEnumerable<AddedToken> added, JsonObject? document)
{
    private const string FileName = "the exported file";
    private const int MostNamed = 3;

    private static readonly string[] Texts =
    [
        "", " ", "a", "Hello world", "  two  spaces  in  a  row  ", "I'll pay $1,999.50 (or 3%)?",
        "a-b_c/d\\e [f] {g} #h ##i", "na\u00efve CAF\u00c9 \u00dcn\u00efcode e\u0301\u0323 E\u0301",
        "\u4e16\u754c \u4f60\u597d! \u3053\u3093\u306b\u3061\u306f \u30ab\u30bf\u30ab\u30ca \ud55c\uad6d\uc5b4",
        "one\ntwo\tthree\r\nfour\n\nfive", "zero\u200bwidth \ufeffmark\u00a0space", "\u1112\u1161\u11ab \u2126 \u212b",
        "\ud83d\ude42 \ud83d\udc68\u200d\ud83d\udc69", "\ufb01 \uff21 \u2460 \u00bd \u2026 \u201cquoted\u201d \u2014",
        "\u0627\u0644\u0639\u0631\u0628\u064a\u0629 \u0939\u093f\u0928\u094d\u0926\u0940", new string('x', 130),
        "lower UPPER Title camelCase \u0130\u0131 \u00df\u1e9e", "1 12 123 1234567 1,234.5 \u0663\u0664 x1y22", "\n",
        "\n\n  \n",
        " leading", "trailing ", "\ttab ", "it's IT'S we'RE \u2019s", "return  x\n    if y:\n\tz()",
    ];

    /// <summary>Compares the ids of many texts.</summary>
    /// <param name="data">What the file will say.</param>
    /// <returns>A sentence where texts with special tokens get other ids; empty where none do.</returns>
    /// <exception cref="ConfigurationException">A text without special tokens gets other ids.</exception>
    public ImmutableArray<string> Compare(GgufTokenizerData data)
    {
        var copy = GgufTokenizer.Create(data, FileName);
        if (Texts.FirstOrDefault(text => Differs(copy, text)) is { } text)
        {
            throw GgufTokenTable.Refusal($"this tokenizer as it is (its kind is '{data.Model}' there), because of "
                + $"{Cause(data, copy, text)}: the text {JsonSerializer.Serialize(text, PlainJson.Compact)} would get "
                + "other ids");
        }

        return [.. Notes(copy)];
    }

    private bool Differs(TokenizerJson copy, string text) =>
        !tokenizer.Encode(text).AsSpan().SequenceEqual(copy.Encode(text));

    /// <summary>Parts of the tokenizer that the file does not hold.</summary>
    private string Cause(GgufTokenizerData data, TokenizerJson copy, string text)
    {
        if (tokenizer.Encode(text, false).AsSpan().SequenceEqual(copy.Encode(text, false)))
        {
            return "the special tokens that it puts around a text";
        }

        var written = GgufTokenizer.ToTokenizerJson(data, FileName).TokenizerJson;
        string[] missing =
        [
            .. Missing(written, "normalizer", "normalizers"), .. Missing(written, "pre_tokenizer", "pretokenizers"),
        ];
        return missing.Length > 0 ? string.Join(" and ", missing) : "the way it cuts text";
    }

    private IEnumerable<string> Missing(JsonObject written, string stage, string list)
    {
        if (document is null)
        {
            return [];
        }

        var there = GgufTokenizerWriter.Steps(written, stage, list).Select(GgufTokenizerWriter.KindOf).ToHashSet();
        return GgufTokenizerWriter.Steps(document, stage, list).Select(GgufTokenizerWriter.KindOf)
            .Where(kind => !there.Contains(kind)).Distinct().Select(kind => $"its {stage} '{kind}'");
    }

    // Tokens with the same flags are treated alike.
    private IEnumerable<string> Notes(TokenizerJson copy)
    {
        (AddedToken[] Tokens, string? Example)[] groups =
        [
            .. added
                .GroupBy(token => (token.LStrip, token.RStrip, token.SingleWord, token.Normalized, token.Special))
                .Select(group => (
                    Tokens: group.ToArray(),
                    Example: group.Take(2).Select(token => ExampleOf(token, copy)).OfType<string>().FirstOrDefault()))
                .Where(group => group.Example is not null),
        ];
        if (groups.Length > 0)
        {
            AddedToken[] tokens = [.. groups.SelectMany(group => group.Tokens)];
            string others = tokens.Length > MostNamed ? $" and {tokens.Length - MostNamed} more" : string.Empty;
            string names = string.Join(", ", tokens.Take(MostNamed).Select(token => $"'{token.Content}'")) + others;
            string example = JsonSerializer.Serialize(groups[0].Example, PlainJson.Compact);
            yield return $"special token{(tokens.Length > 1 ? "s" : "")} {names} cannot be reproduced exactly, because "
                + $"a GGUF file has no place for {Missing(tokens)}: programs that read it may cut text that spells out "
                + $"such a token, as in {example}, into other tokens; all other text is read as before";
        }
    }

    // The first text around a token that gets other ids; null where none does.
    private string? ExampleOf(AddedToken token, TokenizerJson copy)
    {
        string content = token.Content;
        string[] texts =
        [
            content, $"a{content}b", $"a {content} b", $"  {content}  b", $"\n{content}\nb", $"{content}{content}a",
            $"a{content.ToUpperInvariant()} {content.ToLowerInvariant()}", $"{content} a", $" {content}",
        ];
        return texts.FirstOrDefault(text => Differs(copy, text));
    }

    private static string Missing(AddedToken[] tokens)
    {
        (string Name, bool IsSet)[] flags =
        [
            ("lstrip", tokens.Any(token => token.LStrip)),
            ("rstrip", tokens.Any(token => token.RStrip)),
            ("single_word", tokens.Any(token => token.SingleWord)),
            ("normalized", tokens.Any(token => token.Normalized)),
        ];
        string[] names = [.. flags.Where(flag => flag.IsSet).Select(flag => $"'{flag.Name}'")];
        return names.Length > 0
            ? $"{string.Join(" and ", names)} of tokenizer.json"
            : "how spaces beside special tokens are treated";
    }
}
