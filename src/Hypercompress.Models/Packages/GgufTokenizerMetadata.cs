using System.Text.Json.Nodes;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Tokenization;
using Hypercompress.Models.Tokenization.Gguf;

namespace Hypercompress.Models.Packages;

/// <summary>The <c>tokenizer.*</c> entries of a GGUF file, made of tokenizer files: the inverse of <see cref="GgufSideFiles"/>.</summary>
internal static class GgufTokenizerMetadata
{
    private const string TokenizerFile = "tokenizer.json";

    /// <summary>The entries, in order; none when there is no <c>tokenizer.json</c>.</summary>
    /// <param name="sideFiles">Tokenizer files by name.</param>
    /// <param name="vocabularySize">Rows of the embedding.</param>
    /// <exception cref="Errors.ConfigurationException">The format has no such tokenizer.</exception>
    public static IReadOnlyList<KeyValuePair<string, object>> Make(
        IReadOnlyDictionary<string, byte[]> sideFiles, int vocabularySize)
    {
        if (!sideFiles.TryGetValue(TokenizerFile, out byte[]? json))
        {
            return [];
        }

        var tokenizer = (TokenizerJson)TokenizerFileSet.Create(sideFiles, string.Empty)!;
        JsonObject document = JsonFile.ParseObject(TokenizerFile, json);
        GgufTokenizerData data = new GgufTokenizerWriter(document, tokenizer, vocabularySize).Data();
        return [.. Entries(data).Where(entry => entry.Value is not null).Select(
            entry => KeyValuePair.Create("tokenizer." + entry.Key, entry.Value!))];
    }

    private static IEnumerable<(string Key, object? Value)> Entries(GgufTokenizerData data) =>
    [
        ("ggml.model", data.Model),
        ("ggml.pre", data.Pre),
        ("ggml.tokens", data.Tokens.ToArray()),
        ("ggml.scores", data.Scores?.ToArray()),
        ("ggml.token_type", data.TokenTypes?.ToArray()),
        ("ggml.merges", data.Merges is { Count: > 0 } merges ? merges.ToArray() : null),
        ("ggml.bos_token_id", (uint?)data.Bos),
        ("ggml.eos_token_id", (uint?)data.Eos),
        ("ggml.unknown_token_id", (uint?)data.Unknown),
        ("ggml.padding_token_id", (uint?)data.Padding),
        ("ggml.add_bos_token", data.AddBos),
        ("ggml.add_eos_token", data.AddEos),
        ("ggml.add_space_prefix", data.AddSpacePrefix),
        ("chat_template", data.ChatTemplate),
    ];
}
