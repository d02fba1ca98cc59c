using System.Text.Json.Nodes;

namespace Hypercompress.TestKit;

/// <summary>A byte-level BPE tokenizer of 300 tokens: three special ones, 256 bytes, and pairs of common
/// letters.</summary>
public static class TinyTokenizer
{
    public const int VocabularySize = 300;
    public const int Begin = 1;
    public const int End = 2;

    private static readonly string[] Special = ["<pad>", "<s>", "</s>"];

    private static readonly string[] Pairs =
    [
        "t h", "e r", "o n", "a n", "e n", "i n", "o u", "a t", "s t", "n d", "h e", "o r", "e a", "n g", "a l", "i t",
        "a s", "i s", "h a", "e t", "s e", "l e", "s a", "r e", "v e", "m e", "d e", "r o", "l l", "w a", "k e", "b e",
        "f o", "g o", "t o", "n o", "c a", "m a", "r a", "l i", "p e",
    ];

    /// <summary>The text of a <c>tokenizer.json</c>.</summary>
    public static string Json()
    {
        JsonObject byteLevel =
            new()
            {
                ["type"] = "ByteLevel",
                ["add_prefix_space"] = false,
                ["trim_offsets"] = true,
                ["use_regex"] = true
            };
        return new JsonObject
        {
            ["version"] = "1.0",
            ["added_tokens"] = new JsonArray([.. Special.Select(AddedToken)]),
            ["normalizer"] = null,
            ["pre_tokenizer"] = byteLevel,
            ["post_processor"] = null,
            ["decoder"] = byteLevel.DeepClone(),
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["vocab"] = Vocabulary(),
                ["merges"] = new JsonArray([.. Pairs.Select(pair => JsonValue.Create(pair))]),
            },
        }.ToJsonString();
    }

    private static JsonNode AddedToken(string content, int id) => new JsonObject
    {
        ["id"] = id,
        ["content"] = content,
        ["single_word"] = false,
        ["lstrip"] = false,
        ["rstrip"] = false,
        ["normalized"] = false,
        ["special"] = true,
    };

    private static JsonObject Vocabulary()
    {
        IEnumerable<string> tokens = Special.Concat(Letters())
            .Concat(Pairs.Select(pair => pair.Replace(" ", "", StringComparison.Ordinal)));
        return new JsonObject(tokens.Select((token, id) => KeyValuePair.Create<string, JsonNode?>(token, id)));
    }

    // The letters that stand for bytes: a printable byte for itself, the others for the letters from U+0100 on.
    private static IEnumerable<string> Letters()
    {
        int next = 256;
        for (int value = 0; value < 256; value++)
        {
            bool printable = value is (>= 33 and <= 126) or (>= 161 and <= 172) or (>= 174 and <= 255);
            yield return ((char)(printable ? value : next++)).ToString();
        }
    }
}
