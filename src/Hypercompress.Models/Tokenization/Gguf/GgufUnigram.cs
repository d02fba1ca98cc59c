using System.Text.Json.Nodes;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Tokenization.Gguf;

/// <summary>T5's unigram vocabulary in a GGUF file.</summary>
internal static class GgufUnigram
{
    /// <summary>The <c>tokenizer.json</c>, without added tokens and post-processor.</summary>
    /// <exception cref="CheckpointException">There is not one score for each token.</exception>
    public static JsonObject Create(GgufTokenizerData data, string file)
    {
        if (data.Scores is not { } scores || scores.Count != data.Tokens.Count)
        {
            throw new CheckpointException(file, "a t5 tokenizer needs tokenizer.ggml.scores, "
                + $"one for each of the {data.Tokens.Count} tokens; there are {data.Scores?.Count ?? 0}");
        }

        var vocabulary = new JsonArray();
        for (int id = 0; id < scores.Count; id++)
        {
            if (!float.IsFinite(scores[id]))
            {
                throw new CheckpointException(file, $"tokenizer.ggml.scores has at {id} no finite number");
            }

            vocabulary.Add(new JsonArray(data.Tokens[id], (double)scores[id]));
        }

        string prefix = data.AddSpacePrefix ?? true ? "always" : "never";
        return new JsonObject
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = null,
            ["normalizer"] = Normalizer(data),
            ["pre_tokenizer"] = Metaspace(prefix),
            ["post_processor"] = null,
            ["decoder"] = Metaspace(prefix),
            ["model"] = new JsonObject
            {
                ["type"] = "Unigram",
                ["unk_id"] = data.Unknown,
                ["vocab"] = vocabulary,
                ["byte_fallback"] = false,
            },
        };
    }

    private static JsonObject Normalizer(GgufTokenizerData data)
    {
        var steps = new JsonArray();
        if (data.CharacterMap is { Count: > 0 } map)
        {
            steps.Add(new JsonObject
            {
                ["type"] = "Precompiled",
                ["precompiled_charsmap"] = Convert.ToBase64String([.. map]),
            });
        }

        if (data.RemoveExtraWhitespaces ?? true)
        {
            steps.Add(new JsonObject { ["type"] = "Strip", ["strip_left"] = false, ["strip_right"] = true });
            steps.Add(new JsonObject
            {
                ["type"] = "Replace",
                ["pattern"] = new JsonObject { ["Regex"] = " {2,}" },
                ["content"] = GgufTokenizer.Space,
            });
        }

        return new JsonObject { ["type"] = "Sequence", ["normalizers"] = steps };
    }

    private static JsonObject Metaspace(string prefix) => new()
    {
        ["type"] = "Metaspace",
        ["replacement"] = GgufTokenizer.Space,
        ["prepend_scheme"] = prefix,
        ["split"] = true,
    };
}
