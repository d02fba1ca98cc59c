namespace Hypercompress.Models.Tokenization;

/// <summary>Text to token ids and back.</summary>
public interface ITokenizer
{
    /// <summary>Number of ids: largest id + 1, added tokens included.</summary>
    int VocabularySize { get; }

    /// <summary>The begin-of-sequence id, when the tokenizer has one.</summary>
    int? BosTokenId { get; }

    /// <summary>The end-of-sequence id, when the tokenizer has one.</summary>
    int? EosTokenId { get; }

    /// <summary>
    /// The settings in the files beside the tokenizer: special tokens, chat template; nothing by
    /// default.
    /// </summary>
    TokenizerSettings Settings => new();

    /// <summary>Encodes text.</summary>
    /// <param name="text">Any Unicode text; special tokens written in it are recognised.</param>
    /// <param name="addSpecialTokens">Whether the post-processor adds its tokens (BOS for Llama).</param>
    /// <returns>The ids in order.</returns>
    int[] Encode(string text, bool addSpecialTokens = true);

    /// <summary>
    /// Encodes a prompt with the tokenizer's special tokens, unless the prompt itself begins with the text of the
    /// begin-of-sequence token: then nothing is added, so that the token is there once.
    /// </summary>
    /// <param name="prompt">Any Unicode text.</param>
    /// <returns>The ids in order.</returns>
    int[] EncodePrompt(string prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        if (BosTokenId is { } bos && prompt.StartsWith(Decode([bos]), StringComparison.Ordinal)
            && Encode(prompt, addSpecialTokens: false) is [var first, ..] ids && first == bos)
        {
            return ids;
        }

        return Encode(prompt);
    }

    /// <summary>Decodes ids; bytes that are not valid UTF-8 become U+FFFD.</summary>
    /// <param name="ids">Token ids.</param>
    /// <param name="skipSpecialTokens">Leaves special tokens out of the text.</param>
    /// <returns>The text, without any clean-up of spaces.</returns>
    string Decode(IReadOnlyList<int> ids, bool skipSpecialTokens = false);
}
