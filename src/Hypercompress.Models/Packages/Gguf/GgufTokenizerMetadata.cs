using Hypercompress.Models.Packages.Gguf.Tokenizer;
using Hypercompress.Models.Tokenization.Loading;
using Hypercompress.Models.Tokenization.SentencePiece;

namespace Hypercompress.Models.Packages.Gguf;

/// <summary>
/// The <c>tokenizer.*</c> entries of a GGUF file, made of tokenizer files: the inverse of <see cref="GgufSideFiles"/>.
/// </summary>
internal static class GgufTokenizerMetadata
{
    /// <summary>Kinds of tokenizer that say there is none; a reader may want to be told so.</summary>
    public static IReadOnlyList<string> None { get; } = ["none", "no_vocab"];

    /// <summary>The entry of a file without a tokenizer.</summary>
    public static KeyValuePair<string, object> Absent { get; } =
        KeyValuePair.Create("tokenizer.ggml.model", (object)None[0]);

    /// <summary>The tokenizer in a file; null when there is none.</summary>
    /// <param name="sideFiles">Tokenizer files by name.</param>
    /// <param name="vocabularySize">Rows of the embedding.</param>
    /// <exception cref="Errors.ConfigurationException">The format has no such tokenizer.</exception>
    public static GgufTokenizerData? Data(IReadOnlyDictionary<string, byte[]> sideFiles, int vocabularySize) =>
        TokenizerFileSet.Create(sideFiles, string.Empty) switch
        {
            SentencePieceTokenizer pieces => new GgufPieceWriter(pieces, vocabularySize).Data(),
            TokenizerJson tokenizer =>
                new GgufTokenizerWriter(TokenizerFileSet.Document(sideFiles)!, tokenizer, vocabularySize).Data(),
            _ => null,
        };

    /// <summary>The entries, in order; none when there is no tokenizer.</summary>
    /// <param name="data">What the file says.</param>
    public static IReadOnlyList<KeyValuePair<string, object>> Make(GgufTokenizerData? data) =>
        data is null ? [] : [.. Entries(data).Where(entry => entry.Value is not null).Select(
            entry => KeyValuePair.Create("tokenizer." + entry.Key, entry.Value!))];

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
        // The format spells it so.
        ("ggml.seperator_token_id", (uint?)data.Separator),
        ("ggml.add_sep_token", data.AddSeparator),
        ("ggml.remove_extra_whitespaces", data.RemoveExtraWhitespaces),
        ("ggml.precompiled_charsmap", data.CharacterMap is { Count: > 0 } map ? map.ToArray() : null),
        ("ggml.normalizer.lowercase", data.LowerCase),
        ("ggml.normalizer.strip_accents", data.StripAccents),
        ("chat_template", data.ChatTemplate),
    ];
}
