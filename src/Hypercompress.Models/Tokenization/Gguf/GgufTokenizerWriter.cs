using System.Globalization;
using System.Text.Json.Nodes;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Tokenization.Gguf;

/// <summary>Turns a <c>tokenizer.json</c> into what a GGUF file says of a tokenizer: the inverse of <see cref="GgufTokenizer"/>.</summary>
/// <param name="document">The content of <c>tokenizer.json</c>, well-formed.</param>
/// <param name="tokenizer">The tokenizer that was made of it.</param>
/// <param name="vocabularySize">Rows of the model's embedding: the tokens that the file has to list.</param>
internal sealed class GgufTokenizerWriter(JsonObject document, TokenizerJson tokenizer, int vocabularySize)
{
    private const int NormalType = 1;
    private const int UnknownType = 2;
    private const int ControlType = 3;
    private const int UserDefinedType = 4;
    private const int UnusedType = 5;
    private const int ByteType = 6;
    private const string Space = "\u2581";

    private readonly string?[] _tokens = new string?[vocabularySize];
    private readonly int[] _types = new int[vocabularySize];

    private JsonObject Model => document["model"]!.AsObject();

    private bool IsScored => Model["byte_fallback"]?.GetValue<bool>() == true;

    /// <summary>The metadata.</summary>
    /// <exception cref="ConfigurationException">GGUF has no tokenizer of the kind.</exception>
    public GgufTokenizerData Data()
    {
        RequireKind();
        CollectTokens();
        int[] framed = tokenizer.Encode("a");
        return new GgufTokenizerData(
            Model: IsScored ? "llama" : "gpt2",
            Pre: IsScored ? "default" : FindSplit(),
            Tokens: _tokens!,
            Scores: IsScored ? Scores() : null,
            TokenTypes: _types,
            Merges: IsScored ? null : [.. Merges().Select(merge => $"{merge.Left} {merge.Right}")],
            Bos: tokenizer.BosTokenId,
            Eos: tokenizer.EosTokenId,
            Unknown: tokenizer.IdOf(Model["unk_token"]?.GetValue<string>() ?? tokenizer.Settings.UnknownToken),
            Padding: tokenizer.PadTokenId,
            AddBos: tokenizer.BosTokenId is int bos && framed.Length > 0 && framed[0] == bos,
            AddEos: tokenizer.EosTokenId is int eos && framed.Length > 1 && framed[^1] == eos,
            AddSpacePrefix: AddsSpace(),
            ChatTemplate: tokenizer.Settings.ChatTemplate);
    }

    private void RequireKind()
    {
        string kind = Model["type"]?.GetValue<string>() ?? "BPE";
        bool isByteLevel = Steps("pre_tokenizer", "pretokenizers").Any(step => KindOf(step) == "ByteLevel");
        if (kind != "BPE" || (!IsScored && !isByteLevel))
        {
            throw Refuse($"a tokenizer {kind}{(kind == "BPE" ? " without bytes" : string.Empty)}");
        }

        if (tokenizer.VocabularySize > vocabularySize)
        {
            throw Refuse($"a tokenizer of {tokenizer.VocabularySize} ids for a model of {vocabularySize}");
        }
    }

    private static ConfigurationException Refuse(string what) =>
        new($"a GGUF file can not hold {what}; export the model with --format hf-dense");

    private void CollectTokens()
    {
        foreach ((string token, JsonNode? id) in Model["vocab"]!.AsObject())
        {
            int index = id!.GetValue<int>();
            _tokens[index] = token;
            _types[index] = IsScored && IsByte(token) ? ByteType : NormalType;
        }

        string? unknown = Model["unk_token"]?.GetValue<string>();
        foreach (JsonNode? added in document["added_tokens"] as JsonArray ?? [])
        {
            int index = added!["id"]!.GetValue<int>();
            _tokens[index] = added["content"]!.GetValue<string>();
            _types[index] = added["special"]?.GetValue<bool>() != true ? UserDefinedType
                : IsScored && _tokens[index] == unknown ? UnknownType
                : ControlType;
        }

        for (int id = 0; id < _tokens.Length; id++)
        {
            if (_tokens[id] is null)
            {
                (_tokens[id], _types[id]) = (string.Create(CultureInfo.InvariantCulture, $"[PAD{id}]"), UnusedType);
            }
        }
    }

    private static bool IsByte(string token) => token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal)
        && byte.TryParse(token.AsSpan(3, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out _);

    // Merging by falling score is merging by rank when each token has the best rank of the merges that make it.
    private float[] Scores()
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int id = 0; id < _tokens.Length; id++)
        {
            ids.TryAdd(_tokens[id]!, id);
        }

        var scores = new float[_tokens.Length];
        int rank = 0;
        foreach ((string left, string right) in Merges())
        {
            rank++;
            if (ids.TryGetValue(left + right, out int id) && scores[id] == 0)
            {
                scores[id] = -rank;
            }
        }

        return scores;
    }

    private IEnumerable<(string Left, string Right)> Merges()
    {
        foreach (JsonNode? merge in Model["merges"] as JsonArray ?? [])
        {
            if (merge is JsonArray pair)
            {
                yield return (pair[0]!.GetValue<string>(), pair[1]!.GetValue<string>());
                continue;
            }

            string[] parts = merge!.GetValue<string>().Split(' ', 2);
            yield return (parts[0], parts[1]);
        }
    }

    private string FindSplit()
    {
        var patterns = new List<string>();
        foreach (JsonObject step in Steps("pre_tokenizer", "pretokenizers"))
        {
            patterns.AddRange(KindOf(step) switch
            {
                "Split" => [step["pattern"]?["Regex"]?.GetValue<string>() ?? step["pattern"]!.ToJsonString()],
                "Digits" when step["individual_digits"]?.GetValue<bool>() == true => [@"\p{N}"],
                "ByteLevel" when step["use_regex"]?.GetValue<bool>() == false => Array.Empty<string>(),
                "ByteLevel" => [PreTokenizers.ByteLevelPreTokenizer.WordPattern],
                _ => [step.ToJsonString()],
            });
        }

        return GgufWordSplit.NameOf(patterns, Model["ignore_merges"]?.GetValue<bool>() == true)
            ?? throw Refuse($"a tokenizer that cuts words by {string.Join(" and ", patterns)}");
    }

    private bool AddsSpace()
    {
        if (!IsScored)
        {
            return Steps("pre_tokenizer", "pretokenizers").Any(step => step["add_prefix_space"]?.GetValue<bool>() == true);
        }

        return Steps("normalizer", "normalizers").Any(step => step["prepend"]?.GetValue<string>() == Space)
            || Steps("pre_tokenizer", "pretokenizers").Any(step => KindOf(step) == "Metaspace"
                && step["prepend_scheme"]?.GetValue<string>() != "never" && step["add_prefix_space"]?.GetValue<bool>() != false);
    }

    private IEnumerable<JsonObject> Steps(string stage, string list) => document[stage] switch
    {
        JsonObject sequence when sequence[list] is JsonArray steps => steps.OfType<JsonObject>(),
        JsonObject single => [single],
        _ => [],
    };

    private static string? KindOf(JsonObject step) => step["type"]?.GetValue<string>();
}
