using System.Collections.Immutable;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Tokenization;

/// <summary>The settings in <c>tokenizer_config.json</c> and its sister files.</summary>
public sealed record TokenizerSettings
{
    /// <summary>
    /// The Python class that the file was made for; decides what the files of older tokenizers mean, and whether the
    /// begin-of-sequence token is added where only <see cref="AddEosToken"/> is given.
    /// </summary>
    public string? TokenizerClass { get; init; }

    /// <summary>Text of the begin-of-sequence token.</summary>
    public string? BosToken { get; init; }

    /// <summary>Text of the end-of-sequence token.</summary>
    public string? EosToken { get; init; }

    /// <summary>Text of the padding token.</summary>
    public string? PadToken { get; init; }

    /// <summary>Text of the token for unknown characters.</summary>
    public string? UnknownToken { get; init; }

    /// <summary>Text of the token that begins a sequence for BERT and its kin.</summary>
    public string? ClassToken { get; init; }

    /// <summary>Text of the token that ends a sequence for BERT and its kin.</summary>
    public string? SeparatorToken { get; init; }

    /// <summary>Text of the token that stands for a word to be guessed.</summary>
    public string? MaskToken { get; init; }

    /// <summary>Texts of further special tokens; empty where the files name none.</summary>
    public ImmutableArray<string> AdditionalSpecialTokens { get; init; } = [];

    /// <summary>Whether the begin-of-sequence token is put in front; null where the file does not say.</summary>
    public bool? AddBosToken { get; init; }

    /// <summary>Whether the end-of-sequence token is put at the end; null where the file does not say.</summary>
    public bool? AddEosToken { get; init; }

    /// <summary>Whether a space is put before the text; null where the file does not say.</summary>
    public bool? AddPrefixSpace { get; init; }

    /// <summary>
    /// Whether text is lower-cased, which the files of older WordPiece tokenizers say here; null where the file does
    /// not say.
    /// </summary>
    public bool? LowerCase { get; init; }

    /// <summary>
    /// Whether SentencePiece's space is put before every stretch between special tokens, as Hugging Face's first
    /// versions did, and not only before the text; null where the file does not say.
    /// </summary>
    public bool? Legacy { get; init; }

    /// <summary>The Jinja source that turns a conversation into a prompt.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary>
    /// Texts of the special tokens under the names of transformers, such as <c>pad_token</c>, as chat templates use
    /// them; only those that the files name. Further special tokens are a list.
    /// </summary>
    public IReadOnlyDictionary<string, object?> SpecialTokenVariables
    {
        get
        {
            var named = new (string Name, object? Text)[]
            {
                ("bos_token", BosToken), ("eos_token", EosToken), ("unk_token", UnknownToken),
                ("sep_token", SeparatorToken), ("pad_token", PadToken), ("cls_token", ClassToken),
                ("mask_token", MaskToken),
                ("additional_special_tokens", AdditionalSpecialTokens.IsEmpty ? null : AdditionalSpecialTokens),
            };
            return named.Where(pair => pair.Text is not null).ToDictionary(pair => pair.Name, pair => pair.Text);
        }
    }

    /// <summary>Tokens that are recognised in text, beside those of the tokenizer itself.</summary>
    internal ImmutableArray<AddedToken> AddedTokens { get; init; } = [];

    /// <summary>Texts of all special tokens that have a name.</summary>
    internal IEnumerable<string> SpecialTokens =>
        new[] { BosToken, EosToken, PadToken, UnknownToken, ClassToken, SeparatorToken, MaskToken }
            .OfType<string>().Concat(AdditionalSpecialTokens);

    /// <summary>Reads one such document.</summary>
    /// <param name="json">UTF-8 JSON, an object.</param>
    /// <param name="name">Name of the file, for messages.</param>
    /// <returns>The settings that it has.</returns>
    /// <exception cref="CheckpointException">It is not JSON, or a value has the wrong kind.</exception>
    public static TokenizerSettings Parse(ReadOnlyMemory<byte> json, string name) =>
        TokenizerSettingsReader.Parse(json, name);
}
