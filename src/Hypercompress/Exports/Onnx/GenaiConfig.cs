using System.Text.Json.Nodes;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Packages;

namespace Hypercompress.Exports.Onnx;

/// <summary>The <c>genai_config.json</c> that onnxruntime-genai reads beside a graph.</summary>
internal static class GenaiConfig
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "genai_config.json";

    // Its name of a family; "decoder" for any other decoder.
    private static readonly Dictionary<string, string> Types = new()
    {
        ["mistral"] = "mistral",
        ["qwen2"] = "qwen2",
        ["qwen3"] = "qwen3",
        ["smollm3"] = "smollm3",
        ["phi3"] = "phi3",
        ["gemma2"] = "gemma2",
        ["gemma3_text"] = "gemma3_text",
        ["llama"] = "llama",
    };

    /// <summary>Makes the document.</summary>
    /// <param name="model">The model.</param>
    /// <param name="graph">The graph inside the folder.</param>
    public static JsonObject Make(LanguageModel model, string graph)
    {
        DecoderConfig config = model.Decoder.Config;
        int context = config.MaxPositions;
        JsonNode[] ends = [.. model.EndTokenIds.Select(id => (JsonNode)id)];
        int bos = config.BosTokenId ?? model.Tokenizer?.BosTokenId
            ?? (model.EndTokenIds.IsEmpty ? 0 : model.EndTokenIds[0]);
        return new JsonObject
        {
            ["model"] = new JsonObject
            {
                ["type"] = Types.GetValueOrDefault(config.ModelType, "decoder"),
                ["bos_token_id"] = bos,
                ["eos_token_id"] = ends.Length == 1 ? ends[0] : new JsonArray(ends),
                ["pad_token_id"] = model.EndTokenIds.IsEmpty ? 0 : model.EndTokenIds[0],
                ["vocab_size"] = config.VocabularySize,
                ["context_length"] = context,
                ["decoder"] = Decoder(config, graph),
            },
            ["search"] = Search(context),
        };
    }

    private static JsonObject Decoder(DecoderConfig config, string graph) => new()
    {
        ["session_options"] =
            new JsonObject { ["log_id"] = "onnxruntime-genai", ["provider_options"] = new JsonArray() },
        ["filename"] = graph,
        ["head_size"] = config.HeadDimension,
        ["hidden_size"] = config.HiddenSize,
        ["num_attention_heads"] = config.Heads,
        ["num_hidden_layers"] = config.Layers,
        ["num_key_value_heads"] = config.KeyValueHeads,
        ["inputs"] = new JsonObject
        {
            ["input_ids"] = "input_ids",
            ["attention_mask"] = "attention_mask",
            ["position_ids"] = "position_ids",
            ["past_key_names"] = "past_key_values.%d.key",
            ["past_value_names"] = "past_key_values.%d.value",
        },
        ["outputs"] = new JsonObject
        {
            ["logits"] = "logits",
            ["present_key_names"] = "present.%d.key",
            ["present_value_names"] = "present.%d.value",
        },
    };

    // The graph joins earlier and new keys, so that they cannot share one buffer.
    private static JsonObject Search(int context) => new()
    {
        ["do_sample"] = false,
        ["early_stopping"] = true,
        ["length_penalty"] = 1.0,
        ["max_length"] = context,
        ["min_length"] = 0,
        ["num_beams"] = 1,
        ["num_return_sequences"] = 1,
        ["past_present_share_buffer"] = false,
        ["repetition_penalty"] = 1.0,
        ["temperature"] = 1.0,
        ["top_k"] = 50,
        ["top_p"] = 1.0,
        ["no_repeat_ngram_size"] = 0,
        ["diversity_penalty"] = 0.0,
    };
}
