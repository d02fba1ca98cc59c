using System.Text.Json;
using System.Text.Json.Nodes;
using Hypercompress.Models.Tokenization;

namespace Hypercompress.Models.Tests.Tokenization.Reference;

/// <summary>
/// A small <c>tokenizer.json</c> whose ids show every byte and where pieces end: the last byte of a piece has another
/// id than the same byte before it.
/// </summary>
internal static class GeneratedTokenizer
{
    /// <summary>A tokenizer that only cuts at a pattern.</summary>
    public static byte[] Split(
        string pattern, string behavior = "Isolated", bool invert = false, string kind = "Regex") =>
        With(null, new JsonObject
        {
            ["type"] = "Split",
            ["pattern"] = new JsonObject { [kind] = pattern },
            ["behavior"] = behavior,
            ["invert"] = invert,
        });

    /// <summary>A tokenizer with the given components; its model knows all bytes.</summary>
    public static byte[] With(JsonNode? normalizer, JsonNode? preTokenizer, JsonNode? addedTokens = null)
    {
        var vocabulary = new JsonObject();
        for (int value = 0; value < 256; value++)
        {
            string unit = ByteAlphabet.CharOf((byte)value).ToString();
            vocabulary[unit] = value;
            vocabulary[unit + "</w>"] = 256 + value;
        }

        var steps = preTokenizer is null ? new JsonArray() : new JsonArray(preTokenizer);
        steps.Add(new JsonObject
        {
            ["type"] = "ByteLevel",
            ["add_prefix_space"] = false,
            ["trim_offsets"] = true,
            ["use_regex"] = false,
        });
        return JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["version"] = "1.0",
            ["added_tokens"] = addedTokens ?? new JsonArray(),
            ["normalizer"] = normalizer,
            ["pre_tokenizer"] = new JsonObject { ["type"] = "Sequence", ["pretokenizers"] = steps },
            ["post_processor"] = null,
            ["decoder"] = null,
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["end_of_word_suffix"] = "</w>",
                ["vocab"] = vocabulary,
                ["merges"] = new JsonArray(),
            },
        });
    }

    /// <summary>The pieces that ids stand for, for messages.</summary>
    public static string Pieces(IEnumerable<int> ids)
    {
        var bytes = new List<byte>();
        foreach (int id in ids)
        {
            bytes.Add((byte)id);
            if (id >= 256)
            {
                bytes.Add((byte)'|');
            }
        }

        return JsonSerializer.Serialize(System.Text.Encoding.UTF8.GetString([.. bytes]));
    }
}
