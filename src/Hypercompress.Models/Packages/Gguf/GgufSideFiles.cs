using System.Collections.Frozen;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hypercompress.Models.Checkpoints.Gguf;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages.Gguf.Tokenizer;

namespace Hypercompress.Models.Packages.Gguf;

/// <summary>Makes the tokenizer files of a Hugging Face folder out of the metadata of a GGUF file.</summary>
internal static class GgufSideFiles
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The files by name; none when the file has no tokenizer.</summary>
    /// <exception cref="CheckpointException">
    /// The tokenizer is inconsistent or of a kind that is not supported.
    /// </exception>
    public static FrozenDictionary<string, byte[]> Read(GgufMetadata metadata, string path)
    {
        if (metadata.FindString("tokenizer.ggml.model") is not { } model || GgufTokenizerMetadata.None.Contains(model))
        {
            return FrozenDictionary<string, byte[]>.Empty;
        }

        TokenizerDocuments documents = GgufTokenizer.ToTokenizerJson(Data(metadata, model, path), path);
        return new Dictionary<string, byte[]>
        {
            ["tokenizer.json"] = Bytes(documents.TokenizerJson),
            ["tokenizer_config.json"] = Bytes(documents.TokenizerConfig),
        }.ToFrozenDictionary();
    }

    private static GgufTokenizerData Data(GgufMetadata metadata, string model, string path) => new(
        Model: model,
        Pre: metadata.FindString("tokenizer.ggml.pre"),
        Tokens: metadata.GetStrings("tokenizer.ggml.tokens"),
        Scores: metadata.FindNumbers("tokenizer.ggml.scores")?.Select(score => (float)score).ToArray(),
        TokenTypes: metadata.FindIntegers("tokenizer.ggml.token_type")?.Select(type => (int)type).ToArray(),
        Merges: metadata.FindStrings("tokenizer.ggml.merges"),
        Bos: Id(metadata, "bos", path),
        Eos: Id(metadata, "eos", path),
        Unknown: Id(metadata, "unknown", path),
        Padding: Id(metadata, "padding", path),
        AddBos: metadata.FindBoolean("tokenizer.ggml.add_bos_token"),
        AddEos: metadata.FindBoolean("tokenizer.ggml.add_eos_token"),
        AddSpacePrefix: metadata.FindBoolean("tokenizer.ggml.add_space_prefix"),
        ChatTemplate: metadata.FindString("tokenizer.chat_template"))
    {
        // The format spells it so.
        Separator = Id(metadata, "seperator", path),
        AddSeparator = metadata.FindBoolean("tokenizer.ggml.add_sep_token"),
        CharacterMap = metadata.FindIntegers("tokenizer.ggml.precompiled_charsmap")
            ?.Select(value => unchecked((byte)value)).ToArray(),
        RemoveExtraWhitespaces = metadata.FindBoolean("tokenizer.ggml.remove_extra_whitespaces"),
        LowerCase = metadata.FindBoolean("tokenizer.ggml.normalizer.lowercase"),
        StripAccents = metadata.FindBoolean("tokenizer.ggml.normalizer.strip_accents"),
    };

    private static int? Id(GgufMetadata metadata, string name, string path)
    {
        string key = $"tokenizer.ggml.{name}_token_id";
        return metadata.FindInteger(key) switch
        {
            null or -1 or uint.MaxValue => null,
            long id when id is >= 0 and <= int.MaxValue => (int)id,
            long id => throw new CheckpointException(path, $"metadata key '{key}' must be a token id, found {id}"),
        };
    }

    private static byte[] Bytes(JsonObject document) => JsonSerializer.SerializeToUtf8Bytes(document, Readable);
}
