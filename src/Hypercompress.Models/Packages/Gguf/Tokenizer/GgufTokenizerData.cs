using System.Collections.Immutable;

namespace Hypercompress.Models.Packages.Gguf.Tokenizer;

/// <summary>The <c>tokenizer.*</c> metadata of a GGUF file; null where the file does not say.</summary>
/// <param name="Model"><c>tokenizer.ggml.model</c>: <c>gpt2</c>, <c>llama</c>, <c>bert</c> or <c>t5</c>.</param>
/// <param name="Pre"><c>tokenizer.ggml.pre</c>: names the cut into words of a <c>gpt2</c> model.</param>
/// <param name="Tokens"><c>tokenizer.ggml.tokens</c>: the token of every id.</param>
/// <param name="Scores"><c>tokenizer.ggml.scores</c>: one per token, for <c>llama</c> and <c>t5</c> models.</param>
/// <param name="TokenTypes"><c>tokenizer.ggml.token_type</c>: 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused,
/// 6 byte; one per token.</param>
/// <param name="Merges"><c>tokenizer.ggml.merges</c>: <c>"a b"</c> by rank, for <c>gpt2</c> models.</param>
/// <param name="Bos"><c>tokenizer.ggml.bos_token_id</c>.</param>
/// <param name="Eos"><c>tokenizer.ggml.eos_token_id</c>.</param>
/// <param name="Unknown"><c>tokenizer.ggml.unknown_token_id</c>.</param>
/// <param name="Padding"><c>tokenizer.ggml.padding_token_id</c>.</param>
/// <param name="AddBos"><c>tokenizer.ggml.add_bos_token</c>.</param>
/// <param name="AddEos"><c>tokenizer.ggml.add_eos_token</c>.</param>
/// <param name="AddSpacePrefix"><c>tokenizer.ggml.add_space_prefix</c>.</param>
/// <param name="ChatTemplate"><c>tokenizer.chat_template</c>.</param>
internal sealed record GgufTokenizerData(
    string Model,
    string? Pre,
    IReadOnlyList<string> Tokens,
    IReadOnlyList<float>? Scores,
    IReadOnlyList<int>? TokenTypes,
    IReadOnlyList<string>? Merges,
    int? Bos,
    int? Eos,
    int? Unknown,
    int? Padding,
    bool? AddBos,
    bool? AddEos,
    bool? AddSpacePrefix,
    string? ChatTemplate)
{
    /// <summary>Parts of the original tokenizer that the file does not hold; sentences for people, empty where the
    /// metadata is read from a file.</summary>
    internal ImmutableArray<string> Notes { get; init; } = [];

    /// <summary><c>tokenizer.ggml.seperator_token_id</c> (spelt so there): ends a sequence of a <c>bert</c>
    /// model.</summary>
    public int? Separator { get; init; }

    /// <summary><c>tokenizer.ggml.add_sep_token</c>.</summary>
    public bool? AddSeparator { get; init; }

    /// <summary><c>tokenizer.ggml.precompiled_charsmap</c>: SentencePiece's replacement rules, for <c>t5</c>
    /// models.</summary>
    public IReadOnlyList<byte>? CharacterMap { get; init; }

    /// <summary><c>tokenizer.ggml.remove_extra_whitespaces</c>, for <c>t5</c> models.</summary>
    public bool? RemoveExtraWhitespaces { get; init; }

    /// <summary><c>tokenizer.ggml.normalizer.lowercase</c>, for <c>bert</c> models.</summary>
    public bool? LowerCase { get; init; }

    /// <summary><c>tokenizer.ggml.normalizer.strip_accents</c>, for <c>bert</c> models.</summary>
    public bool? StripAccents { get; init; }
}
