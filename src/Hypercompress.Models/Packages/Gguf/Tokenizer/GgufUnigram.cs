using System.Text.Json.Nodes;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Tokenization.Loading;

namespace Hypercompress.Models.Packages.Gguf.Tokenizer;

/// <summary>T5's unigram vocabulary in a GGUF file.</summary>
internal static class GgufUnigram
{
    // That of tokens that never come out of text by the model.
    private const float NoScore = -1000;

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

        // llama.cpp marks the first word, too, where it makes one space of several, whatever is said about a prefix.
        bool removes = data.RemoveExtraWhitespaces ?? true, adds = removes || (data.AddSpacePrefix ?? true);
        return new JsonObject
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = null,
            ["normalizer"] = Normalizer(data),
            // Where spaces are kept, one is added even before another, which this component does not do.
            ["pre_tokenizer"] = Metaspace(adds && removes),
            ["post_processor"] = null,
            ["decoder"] = Metaspace(adds),
            ["model"] = new JsonObject
            {
                ["type"] = "Unigram",
                ["unk_id"] = data.Unknown,
                ["vocab"] = vocabulary,
                ["byte_fallback"] = false,
            },
        };
    }

    /// <summary>The way back.</summary>
    /// <param name="document">The content of <c>tokenizer.json</c>, well-formed.</param>
    /// <param name="tokenizer">The tokenizer that was made of it.</param>
    /// <param name="table">Gets the tokens.</param>
    /// <param name="frame">What all kinds have.</param>
    /// <exception cref="ConfigurationException">What is unknown becomes no token of its own.</exception>
    public static GgufTokenizerData Write(
        JsonObject document, TokenizerJson tokenizer, GgufTokenTable table, GgufTokenizerData frame)
    {
        JsonObject model = document["model"]!.AsObject();
        if (model["byte_fallback"]?.GetValue<bool>() == true || model["unk_id"] is not { } unknownNode)
        {
            throw GgufTokenTable.Refusal("a unigram tokenizer with bytes, or without a token for what is unknown");
        }

        JsonArray vocabulary = model["vocab"]!.AsArray();
        int unknown = unknownNode.GetValue<int>();
        var scores = new float[table.Tokens.Count];
        Array.Fill(scores, NoScore);
        for (int id = 0; id < vocabulary.Count; id++)
        {
            table.Set(id, (string)vocabulary[id]![0]!, id == unknown ? GgufTokenTable.Unknown : GgufTokenTable.Normal);
            scores[id] = (float)vocabulary[id]![1]!.GetValue<double>();
        }

        table.SetAdded(tokenizer.AddedTokens, table.Tokens[unknown]);
        table.Fill();
        JsonObject[] normalizers = [.. GgufTokenizerWriter.Steps(document, "normalizer", "normalizers")];
        JsonObject[] cuts = [.. GgufTokenizerWriter.Steps(document, "pre_tokenizer", "pretokenizers")];
        string? map = normalizers.Select(step => (string?)step["precompiled_charsmap"])
            .FirstOrDefault(text => text is not null);
        return frame with
        {
            Model = "t5",
            Pre = "default",
            Scores = scores,
            Unknown = unknown,
            CharacterMap = map is null ? null : Convert.FromBase64String(map),
            RemoveExtraWhitespaces =
                normalizers.Any(
                step => GgufTokenizerWriter.KindOf(step) == "Strip" || step["pattern"]?["Regex"] is not null)
                || cuts.Any(step => GgufTokenizerWriter.KindOf(step) == "WhitespaceSplit"),
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
            steps.Add(new JsonObject { ["type"] = "Strip", ["strip_left"] = true, ["strip_right"] = true });
            steps.Add(new JsonObject
            {
                ["type"] = "Replace",
                ["pattern"] = new JsonObject { ["Regex"] = " {2,}" },
                ["content"] = GgufTokenizer.Space,
            });
        }

        else if (data.AddSpacePrefix ?? true)
        {
            steps.Add(new JsonObject { ["type"] = "Prepend", ["prepend"] = GgufTokenizer.Space });
        }

        return new JsonObject { ["type"] = "Sequence", ["normalizers"] = steps };
    }

    private static JsonObject Metaspace(bool adds) => new()
    {
        ["type"] = "Metaspace",
        ["replacement"] = GgufTokenizer.Space,
        ["prepend_scheme"] = adds ? "always" : "never",
        ["split"] = false,
    };
}
