using System.Text.Json.Nodes;
using Hypercompress.Models.Tokenization.PreTokenizers;

namespace Hypercompress.Models.Tokenization.Classic;

/// <summary>The behaviour of a tokenizer class beyond its <c>vocab.json</c> and <c>merges.txt</c>.</summary>
/// <param name="WordSplit">How text is cut into words: a name of <see cref="GgufWordSplit"/>.</param>
/// <param name="Bos">The begin-of-sequence token unless the files name one.</param>
/// <param name="Eos">The end-of-sequence token unless the files name one.</param>
/// <param name="Enclosed">Whether both are put around every text.</param>
internal sealed record ByteLevelKind(string WordSplit, string? Bos, string? Eos, bool Enclosed)
{
    private const string EndOfText = "<|endoftext|>";

    /// <summary>The kind of a class, or null for a class that is not known.</summary>
    /// <param name="tokenizerClass">The name in <c>tokenizer_config.json</c>; null means GPT-2's.</param>
    public static ByteLevelKind? Of(string? tokenizerClass) =>
        (tokenizerClass ?? "GPT2Tokenizer").Replace("TokenizerFast", "Tokenizer", StringComparison.Ordinal) switch
        {
            "GPT2Tokenizer" or "PreTrainedTokenizer" or "CodeGenTokenizer" or "GPTNeoXTokenizer" or "TokenizersBackend"
                => new ByteLevelKind("gpt-2", EndOfText, EndOfText, Enclosed: false),
            "Qwen2Tokenizer" => new ByteLevelKind("qwen2", null, EndOfText, Enclosed: false),
            "RobertaTokenizer" or "BartTokenizer" or "LongformerTokenizer"
                => new ByteLevelKind("gpt-2", "<s>", "</s>", Enclosed: true),
            _ => null,
        };

    /// <summary>The normalizer and the pre-tokenizer of <c>tokenizer.json</c>.</summary>
    /// <param name="addPrefixSpace">Whether a space is put before the text.</param>
    public (JsonObject? Normalizer, JsonObject PreTokenizer) Stages(bool addPrefixSpace)
    {
        var split = GgufWordSplit.Find(WordSplit)!;
        return (split.ToNormalizer(), split.ToPreTokenizer(addPrefixSpace));
    }
}
