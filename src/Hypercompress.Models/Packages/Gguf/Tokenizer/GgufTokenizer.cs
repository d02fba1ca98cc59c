using System.Text.Json;
using System.Text.Json.Nodes;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Tokenization;
using Hypercompress.Models.Tokenization.Classic;
using Hypercompress.Models.Tokenization.Loading;

namespace Hypercompress.Models.Packages.Gguf.Tokenizer;

/// <summary>
/// Turns the tokenizer inside a GGUF file into <c>tokenizer.json</c> and <c>tokenizer_config.json</c>, so that there is
/// one engine and an imported model can be saved as a Hugging Face folder.
/// </summary>
internal static class GgufTokenizer
{
    private const int UnknownType = 2;
    private const int ControlType = 3;
    private const int UserDefinedType = 4;
    internal const int NormalType = 1;
    internal const string Space = "\u2581";

    /// <summary>Builds the tokenizer itself.</summary>
    /// <param name="data">The metadata.</param>
    /// <param name="file">The GGUF file, for messages.</param>
    /// <returns>The tokenizer.</returns>
    /// <exception cref="CheckpointException">
    /// The metadata is not consistent, or of a kind that is not supported.
    /// </exception>
    public static TokenizerJson Create(GgufTokenizerData data, string file)
    {
        var documents = ToTokenizerJson(data, file);
        var settings = TokenizerSettings.Parse(JsonSerializer.SerializeToUtf8Bytes(documents.TokenizerConfig), file);
        return TokenizerJson.Parse(JsonSerializer.SerializeToUtf8Bytes(documents.TokenizerJson), file, settings);
    }

    /// <summary>Builds the two documents.</summary>
    /// <param name="data">The metadata.</param>
    /// <param name="file">The GGUF file, for messages.</param>
    /// <returns>The documents.</returns>
    /// <exception cref="CheckpointException">
    /// A <c>tokenizer.ggml.model</c> other than <c>gpt2</c>, <c>llama</c>, <c>bert</c> and <c>t5</c>, an unknown
    /// <c>tokenizer.ggml.pre</c>, lists of unequal length, or an id that the vocabulary lacks.
    /// </exception>
    public static TokenizerDocuments ToTokenizerJson(GgufTokenizerData data, string file)
    {
        ArgumentNullException.ThrowIfNull(data);
        Validate(data, file);
        data = WithDefaults(data);
        ValidateIds(data, file);
        var (document, addBos) = data.Model switch
        {
            "llama" => (GgufBytePair.Scored(data, file), data.AddBos ?? true),
            "bert" => (GgufWordPiece.Create(data), data.AddBos ?? true),
            "t5" => (GgufUnigram.Create(data, file), data.AddBos ?? false),
            _ => GgufBytePair.ByteLevel(data, file),
        };
        document["added_tokens"] = AddedTokens(data);
        document["post_processor"] = PostProcessor(data, addBos, file);
        return new TokenizerDocuments(document, Config(data, addBos));
    }

    /// <summary>The values that files of each kind imply where they leave them out.</summary>
    private static GgufTokenizerData WithDefaults(GgufTokenizerData data) => data.Model switch
    {
        "llama" => data with { Bos = data.Bos ?? 1, Eos = data.Eos ?? 2, Unknown = data.Unknown ?? 0 },
        "bert" => data with
        {
            Bos = data.Bos ?? 101,
            Eos = data.Separator ?? 102,
            Unknown = data.Unknown ?? 100,
            AddEos = data.AddSeparator ?? true,
        },
        "t5" => data with { Eos = data.Eos ?? 1, Unknown = data.Unknown ?? 2, AddEos = data.AddEos ?? true },
        _ => data,
    };

    private static void Validate(GgufTokenizerData data, string file)
    {
        if (data.Model is not ("gpt2" or "llama" or "bert" or "t5"))
        {
            throw new CheckpointException(
                file, $"tokenizer.ggml.model is '{data.Model}'; gpt2, llama, bert and t5 are supported");
        }

        int count = data.Tokens.Count;
        if (count is 0 or > VocabularyReader.MaxId)
        {
            throw new CheckpointException(file, $"tokenizer.ggml.tokens has {count} tokens");
        }

        if (data.TokenTypes is { } types && types.Count != count)
        {
            throw new CheckpointException(
                file, $"tokenizer.ggml.token_type has {types.Count} entries for {count} tokens");
        }
    }

    private static void ValidateIds(GgufTokenizerData data, string file)
    {
        (string Key, int? Id)[] named =
        [
            ("bos", data.Bos), ("eos", data.Eos), ("unknown", data.Unknown), ("padding", data.Padding),
        ];
        foreach (var (key, id) in named)
        {
            if (id is { } value && (value < 0 || value >= data.Tokens.Count))
            {
                throw new CheckpointException(
                    file, $"tokenizer.ggml.{key}_token_id is {value}, but there are {data.Tokens.Count} tokens");
            }
        }
    }

    internal static int TypeOf(GgufTokenizerData data, int id) => data.TokenTypes?[id] ?? NormalType;

    private static JsonArray AddedTokens(GgufTokenizerData data)
    {
        var added = new JsonArray();
        var contents = new HashSet<string>(StringComparer.Ordinal);
        for (int id = 0; id < data.Tokens.Count; id++)
        {
            int type = TypeOf(data, id);
            if (type is UnknownType or ControlType or UserDefinedType && contents.Add(data.Tokens[id]))
            {
                added.Add(AddedToken(id, data.Tokens[id], special: type != UserDefinedType));
            }
        }

        return added;
    }

    private static JsonObject AddedToken(int id, string content, bool special) => new()
    {
        ["id"] = id,
        ["content"] = content,
        ["single_word"] = false,
        ["lstrip"] = false,
        ["rstrip"] = false,
        ["normalized"] = false,
        ["special"] = special,
    };

    private static JsonObject PostProcessor(GgufTokenizerData data, bool addBos, string file) =>
        SpecialTokenTemplate.Create(
            addBos ? Named(data, data.Bos, "bos", file) : null,
            data.AddEos ?? false ? Named(data, data.Eos, "eos", file) : null);

    private static NamedToken Named(GgufTokenizerData data, int? id, string what, string file) =>
        id is { } value
            ? new NamedToken(data.Tokens[value], value)
            : throw new CheckpointException(
                file, $"tokenizer.ggml.add_{what}_token asks for a token, but there is no {what}_token_id");

    private static JsonObject Config(GgufTokenizerData data, bool addBos)
    {
        var config = new JsonObject
        {
            ["tokenizer_class"] = "PreTrainedTokenizerFast",
            ["add_bos_token"] = addBos,
            ["add_eos_token"] = data.AddEos ?? false,
            ["clean_up_tokenization_spaces"] = false,
        };
        (string Key, int? Id)[] named =
        [
            ("bos_token", data.Bos), ("eos_token", data.Eos), ("unk_token", data.Unknown), ("pad_token", data.Padding),
        ];
        foreach (var (key, id) in named)
        {
            if (id is { } value)
            {
                config[key] = data.Tokens[value];
            }
        }

        if (data.ChatTemplate is { } template)
        {
            config["chat_template"] = template;
        }

        return config;
    }
}
