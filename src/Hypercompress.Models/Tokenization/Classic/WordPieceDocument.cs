using System.Text.Json.Nodes;

namespace Hypercompress.Models.Tokenization.Classic;

/// <summary>The <c>tokenizer.json</c> of a BERT vocabulary.</summary>
internal static class WordPieceDocument
{
    /// <summary>The document, without added tokens and post-processor.</summary>
    /// <param name="ids">The vocabulary; tokens that continue a word begin with <c>##</c>.</param>
    /// <param name="unknown">The token for words that cannot be put together.</param>
    /// <param name="lowerCase">Whether text is lower-cased.</param>
    /// <param name="stripAccents">Whether accents go; null where the case decides.</param>
    public static JsonObject Create(
        IReadOnlyDictionary<string, int> ids, string unknown, bool lowerCase, bool? stripAccents) => new()
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = null,
            ["normalizer"] = new JsonObject
            {
                ["type"] = "BertNormalizer",
                ["clean_text"] = true,
                ["handle_chinese_chars"] = true,
                ["strip_accents"] = stripAccents,
                ["lowercase"] = lowerCase,
            },
            ["pre_tokenizer"] = new JsonObject { ["type"] = "BertPreTokenizer" },
            ["post_processor"] = null,
            ["decoder"] = new JsonObject { ["type"] = "WordPiece", ["prefix"] = "##", ["cleanup"] = true },
            ["model"] = new JsonObject
            {
                ["type"] = "WordPiece",
                ["unk_token"] = unknown,
                ["continuing_subword_prefix"] = "##",
                ["max_input_chars_per_word"] = 100,
                ["vocab"] = new JsonObject(ids.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
            },
        };
}
