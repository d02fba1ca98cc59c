using System.Text.Json.Nodes;

namespace Hypercompress.Models.Tokenization.PreTokenizers;

/// <summary>How a byte-level GGUF tokenizer cuts text into words: what <c>tokenizer.ggml.pre</c> stands for.</summary>
/// <param name="Patterns">Regular expressions, each cutting what the one before left.</param>
/// <param name="IgnoreMerges">Whether a word that is a token is taken as it is.</param>
/// <param name="AddBos">Whether the begin-of-sequence token is put in front where the file does not say.</param>
/// <param name="Composed">Whether text is brought into form NFC first.</param>
internal sealed record GgufWordSplit(
    IReadOnlyList<string> Patterns, bool IgnoreMerges = false, bool AddBos = false, bool Composed = false)
{
    private const string Contraction = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private const string SignsAndSpaces = @" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string SignsSlashesAndSpaces = @" ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Llama3 =
        Contraction + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|" + SignsAndSpaces;

    private const string Qwen2 = Contraction + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}|" + SignsAndSpaces;
    private const string Qwen35 = Contraction + @"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}"
        + @"| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const string WordsWithoutLastSpace =
        @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)";

    private const string Upper = @"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]";
    private const string Lower = @"[\p{Ll}\p{Lm}\p{Lo}\p{M}]";
    private const string CasedWord = @"[^\r\n\p{L}\p{N}]?" + Upper + "*" + Lower + "+";
    private const string CapitalWord = @"[^\r\n\p{L}\p{N}]?" + Upper + "+" + Lower + "*";
    private const string Tekken = CasedWord + "|" + CapitalWord + @"|\p{N}|" + SignsSlashesAndSpaces;
    private const string Gpt4o = CasedWord + Contraction + "?|" + CapitalWord + Contraction + @"?|\p{N}{1,3}|"
        + SignsSlashesAndSpaces;

    private const string DeepSeek3 = """[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|"""
        + @"[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    // One name for each split; the first that fits is written.
    private static readonly string[] Names =
    [
        "gpt-2", "llama-bpe", "qwen2", "deepseek-r1-qwen", "qwen35", "smollm", "dbrx", "tekken", "gpt-4o",
        "deepseek-coder", "deepseek-v3",
    ];

    /// <summary>The split of a name, or null for a name that is not known.</summary>
    /// <param name="pre">
    /// The name. Files from before there were names have none and mean GPT-2's, whose successors they are; "default" is
    /// what llama.cpp does under that name.
    /// </param>
    public static GgufWordSplit? Find(string? pre) => pre switch
    {
        null or "gpt-2" or "gpt2" or "phi-2" or "mpt" or "olmo" or "jais" or "roberta-bpe" or "trillion" or "mellum"
            or "modern-bert" or "gigachat" or "a.x-4.0" or "exaone4" or "granite-docling" or "jina-es" or "jina-de"
            or "jina-v1-en" or "jina-v2-es" or "jina-v2-de" or "jina-v2-code"
            => new([ByteLevelPreTokenizer.WordPattern]),
        "llama3" or "llama-v3" or "llama-bpe" or "falcon3" or "falcon-h1" or "pixtral" or "midm-2.0" or "lfm2"
            or "jina-v5-nano" => new([Llama3], IgnoreMerges: true, AddBos: true),
        "dbrx" or "smaug-bpe" or "glm4" or "chatglm-bpe" => new([Llama3]),
        "qwen2" => new([Qwen2], Composed: true),
        "qwen35" => new([Qwen35], Composed: true),
        "deepseek-r1-qwen" or "stablelm2" or "megrez" or "hunyuan" or "kormo" or "f2llmv2" or "grok-2" or "solar-open"
            => new([Qwen2]),
        "smollm" or "starcoder" or "refact" or "command-r" or "codeshell" or "exaone" or "minerva-7b" or "mellum2"
            => new([@"\p{N}", ByteLevelPreTokenizer.WordPattern]),
        "tekken" => new([Tekken], IgnoreMerges: true, AddBos: true),
        "gpt-4o" or "llama4" or "kanana2" or "talkie" or "minimax-m2" => new([Gpt4o]),
        "default" => new([@"[\p{P}\$\+<=>\^~\|]+", WordsWithoutLastSpace, @"\p{N}+", "[0-9][0-9][0-9]"]),
        "falcon" => new([@"[\p{P}\$\+<=>\^~\|`]+", WordsWithoutLastSpace, "[0-9][0-9][0-9]"]),
        "deepseek-coder" => new([@"[\r\n]", @"\s?\p{L}+", @"\s?\p{P}+", "[一-龥ࠀ-一가-퟿]+", @"\p{N}"]),
        "deepseek-v3" or "hunyuan-dense" => new([@"\p{N}{1,3}", "[一-龥぀-ゟ゠-ヿ]+", DeepSeek3]),
        _ => null,
    };

    /// <summary>The name of a split, or null when no name stands for it.</summary>
    /// <param name="patterns">As <see cref="Patterns"/>.</param>
    /// <param name="ignoreMerges">Whether a word that is a token is taken as it is.</param>
    /// <param name="composed">Whether text is brought into form NFC first; where no name says so, one that says
    /// otherwise is given.</param>
    public static string? NameOf(IReadOnlyList<string> patterns, bool ignoreMerges, bool composed)
    {
        string[] fitting = [.. Names.Where(name => Find(name) is { } split && split.IgnoreMerges == ignoreMerges
            && split.Patterns.SequenceEqual(patterns))];
        return fitting.FirstOrDefault(name => Find(name)!.Composed == composed) ?? fitting.FirstOrDefault();
    }

    /// <summary>The normalizer of <c>tokenizer.json</c>; null for none.</summary>
    public JsonObject? ToNormalizer() => Composed ? new JsonObject { ["type"] = "NFC" } : null;

    /// <summary>The pre-tokenizer of <c>tokenizer.json</c>.</summary>
    /// <param name="addPrefixSpace">Whether a space is put in front.</param>
    public JsonObject ToPreTokenizer(bool addPrefixSpace)
    {
        // GPT-2's pattern is built into ByteLevel, and single digits are a component of their own.
        bool builtIn = Patterns[^1] == ByteLevelPreTokenizer.WordPattern;
        var steps = new JsonArray();
        foreach (string pattern in builtIn ? Patterns.SkipLast(1) : Patterns)
        {
            steps.Add(builtIn && pattern == @"\p{N}"
                ? new JsonObject { ["type"] = "Digits", ["individual_digits"] = true }
                : Split(pattern));
        }

        var bytes = new JsonObject
        {
            ["type"] = "ByteLevel",
            ["add_prefix_space"] = addPrefixSpace,
            ["trim_offsets"] = true,
            ["use_regex"] = builtIn,
        };
        if (steps.Count == 0)
        {
            return bytes;
        }

        steps.Add(bytes);
        return new JsonObject { ["type"] = "Sequence", ["pretokenizers"] = steps };
    }

    private static JsonObject Split(string pattern) => new()
    {
        ["type"] = "Split",
        ["pattern"] = new JsonObject { ["Regex"] = pattern },
        ["behavior"] = "Isolated",
        ["invert"] = false,
    };
}
