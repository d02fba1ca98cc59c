using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hypercompress.StoryModel.Tokens;

/// <summary>Writes a vocabulary as the tokenizer files of Hugging Face models.</summary>
public static class TokenizerFiles
{
    private static readonly JsonSerializerOptions Format =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes <c>tokenizer.json</c> and <c>tokenizer_config.json</c>.</summary>
    /// <param name="vocabulary">The vocabulary.</param>
    /// <param name="folder">An existing folder.</param>
    public static void Write(TrainedVocabulary vocabulary, string folder)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        WriteJson(Path.Combine(folder, "tokenizer.json"), Engine(vocabulary));
        WriteJson(Path.Combine(folder, "tokenizer_config.json"), new JsonObject
        {
            ["tokenizer_class"] = "PreTrainedTokenizerFast",
            ["add_prefix_space"] = false,
            ["bos_token"] = BpeTrainer.EndOfText,
            ["eos_token"] = BpeTrainer.EndOfText,
            ["unk_token"] = BpeTrainer.EndOfText,
            ["clean_up_tokenization_spaces"] = false,
        });
    }

    private static JsonObject Engine(TrainedVocabulary vocabulary) => new()
    {
        ["version"] = "1.0",
        ["truncation"] = null,
        ["padding"] = null,
        ["added_tokens"] = new JsonArray(new JsonObject
        {
            ["id"] = 0,
            ["content"] = BpeTrainer.EndOfText,
            ["single_word"] = false,
            ["lstrip"] = false,
            ["rstrip"] = false,
            ["normalized"] = false,
            ["special"] = true,
        }),
        ["normalizer"] = null,
        ["pre_tokenizer"] = ByteLevel(),
        ["post_processor"] = null,
        ["decoder"] = ByteLevel(),
        ["model"] = new JsonObject
        {
            ["type"] = "BPE",
            ["dropout"] = null,
            ["unk_token"] = null,
            ["continuing_subword_prefix"] = null,
            ["end_of_word_suffix"] = null,
            ["fuse_unk"] = false,
            ["byte_fallback"] = false,
            ["ignore_merges"] = false,
            ["vocab"] = new JsonObject(vocabulary.Tokens.Select((token, id) =>
                new KeyValuePair<string, JsonNode?>(token, id))),
            ["merges"] = new JsonArray([.. vocabulary.Merges.Select(pair =>
                (JsonNode)new JsonArray(pair.Left, pair.Right))]),
        },
    };

    private static JsonObject ByteLevel() => new()
    {
        ["type"] = "ByteLevel",
        ["add_prefix_space"] = false,
        ["trim_offsets"] = true,
        ["use_regex"] = true,
    };

    private static void WriteJson(string path, JsonObject content) =>
        File.WriteAllText(path, content.ToJsonString(Format) + "\n");
}
