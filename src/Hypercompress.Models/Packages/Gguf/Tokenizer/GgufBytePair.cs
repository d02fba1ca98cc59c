using System.Text.Json.Nodes;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Tokenization.PreTokenizers;

namespace Hypercompress.Models.Packages.Gguf.Tokenizer;

/// <summary>The <c>tokenizer.json</c> of byte-pair tokenizers that a GGUF file holds.</summary>
internal static class GgufBytePair
{
    /// <summary>A tokenizer of <c>tokenizer.ggml.model</c> <c>gpt2</c>: byte-level pairs with merges.</summary>
    /// <param name="data">The metadata.</param>
    /// <param name="file">The GGUF file, for messages.</param>
    /// <returns>
    /// The document without added tokens and post-processor, and whether a text begins with the BOS token.
    /// </returns>
    /// <exception cref="CheckpointException">
    /// An unknown <c>tokenizer.ggml.pre</c>, or merges are missing.
    /// </exception>
    public static (JsonObject Document, bool AddBos) ByteLevel(GgufTokenizerData data, string file)
    {
        var split = GgufWordSplit.Find(data.Pre) ?? throw new CheckpointException(
            file, $"tokenizer.ggml.pre is '{data.Pre}', whose way to cut words is not known");
        if (data.Merges is null)
        {
            throw new CheckpointException(file, "has no tokenizer.ggml.merges, which a gpt2 tokenizer needs");
        }

        var merges = new JsonArray([.. data.Merges.Select(merge => JsonValue.Create(merge))]);
        var document = new JsonObject
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = null,
            ["normalizer"] = split.ToNormalizer(),
            ["pre_tokenizer"] = split.ToPreTokenizer(data.AddSpacePrefix ?? false),
            ["post_processor"] = null,
            ["decoder"] = new JsonObject
            {
                ["type"] = "ByteLevel",
                ["add_prefix_space"] = true,
                ["trim_offsets"] = true,
                ["use_regex"] = true,
            },
            ["model"] = Model(Vocabulary(data), merges, null, byteFallback: false, split.IgnoreMerges),
        };
        return (document, data.AddBos ?? (split.AddBos && data.Bos is not null));
    }

    /// <summary>A tokenizer of <c>tokenizer.ggml.model</c> <c>llama</c>: pieces with scores.</summary>
    /// <param name="data">The metadata, with an unknown token.</param>
    /// <param name="file">The GGUF file, for messages.</param>
    /// <returns>The document without added tokens and post-processor.</returns>
    /// <exception cref="CheckpointException">There is no score for each token.</exception>
    public static JsonObject Scored(GgufTokenizerData data, string file)
    {
        if (data.Scores is not { } scores || scores.Count != data.Tokens.Count)
        {
            throw new CheckpointException(file, "a llama tokenizer needs tokenizer.ggml.scores, "
                + $"one for each of the {data.Tokens.Count} tokens; there are {data.Scores?.Count ?? 0}");
        }

        var merges = new JsonArray([.. ScoredMerges.Derive(NormalTokens(data, scores), file)
            .Select(merge => JsonValue.Create($"{merge.Left} {merge.Right}"))]);
        bool prefix = data.AddSpacePrefix ?? true;
        return new JsonObject
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = null,
            ["normalizer"] = ScoredNormalizer(prefix),
            ["pre_tokenizer"] = null,
            ["post_processor"] = null,
            ["decoder"] = ScoredDecoder(prefix),
            ["model"] = Model(Vocabulary(data), merges, data.Tokens[data.Unknown!.Value], byteFallback: true, false),
        };
    }

    private static Dictionary<string, (float Score, int Id)> NormalTokens(
        GgufTokenizerData data, IReadOnlyList<float> scores)
    {
        var normal = new Dictionary<string, (float, int)>(StringComparer.Ordinal);
        for (int id = 0; id < data.Tokens.Count; id++)
        {
            string token = data.Tokens[id];
            // A token with a real space can not come out of text whose spaces have been replaced.
            if (GgufTokenizer.TypeOf(data, id) == GgufTokenizer.NormalType
                && token.Length > 0 && !token.Contains(' ', StringComparison.Ordinal))
            {
                normal.TryAdd(token, (scores[id], id));
            }
        }

        return normal;
    }

    private static JsonObject ScoredNormalizer(bool prefix)
    {
        var replace = new JsonObject
        {
            ["type"] = "Replace",
            ["pattern"] = new JsonObject { ["String"] = " " },
            ["content"] = GgufTokenizer.Space,
        };
        return prefix
            ? new JsonObject
            {
                ["type"] = "Sequence",
                ["normalizers"] = new JsonArray(
                    new JsonObject { ["type"] = "Prepend", ["prepend"] = GgufTokenizer.Space }, replace),
            }
            : replace;
    }

    private static JsonObject ScoredDecoder(bool prefix)
    {
        var steps = new JsonArray(
            new JsonObject
            {
                ["type"] = "Replace",
                ["pattern"] = new JsonObject { ["String"] = GgufTokenizer.Space },
                ["content"] = " ",
            },
            new JsonObject { ["type"] = "ByteFallback" },
            new JsonObject { ["type"] = "Fuse" });
        if (prefix)
        {
            steps.Add(new JsonObject { ["type"] = "Strip", ["content"] = " ", ["start"] = 1, ["stop"] = 0 });
        }

        return new JsonObject { ["type"] = "Sequence", ["decoders"] = steps };
    }

    private static JsonObject Model(
        JsonObject vocabulary, JsonArray merges, string? unknown, bool byteFallback, bool ignoreMerges) => new()
        {
            ["type"] = "BPE",
            ["dropout"] = null,
            ["unk_token"] = unknown,
            ["continuing_subword_prefix"] = null,
            ["end_of_word_suffix"] = null,
            ["fuse_unk"] = unknown is not null,
            ["byte_fallback"] = byteFallback,
            ["ignore_merges"] = ignoreMerges,
            ["vocab"] = vocabulary,
            ["merges"] = merges,
        };

    private static JsonObject Vocabulary(GgufTokenizerData data)
    {
        var vocabulary = new JsonObject();
        for (int id = 0; id < data.Tokens.Count; id++)
        {
            // Of a token that is there twice, only the first can come out of text.
            vocabulary.TryAdd(data.Tokens[id], JsonValue.Create(id));
        }

        return vocabulary;
    }
}
