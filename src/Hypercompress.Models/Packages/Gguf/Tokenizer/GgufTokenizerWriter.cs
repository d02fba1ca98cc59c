using System.Globalization;
using System.Text.Json.Nodes;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Templates;
using Hypercompress.Models.Tokenization.Loading;
using Hypercompress.Models.Tokenization.PreTokenizers;

namespace Hypercompress.Models.Packages.Gguf.Tokenizer;

/// <summary>Turns a <c>tokenizer.json</c> into what a GGUF file says of a tokenizer: the inverse of
/// <see cref="GgufTokenizer"/>.</summary>
/// <param name="document">The content of <c>tokenizer.json</c>, well-formed.</param>
/// <param name="tokenizer">The tokenizer that was made of it.</param>
/// <param name="vocabularySize">Rows of the model's embedding: the tokens that the file has to list.</param>
internal sealed class GgufTokenizerWriter(JsonObject document, TokenizerJson tokenizer, int vocabularySize)
{
    private const string Space = "\u2581";

    private readonly GgufTokenTable _table = new(vocabularySize);

    private JsonObject Model => document["model"]!.AsObject();

    private bool IsScored => Model["byte_fallback"]?.GetValue<bool>() == true;

    private string Kind => Model["type"]?.GetValue<string>() ?? "BPE";

    /// <summary>The metadata.</summary>
    /// <exception cref="ConfigurationException">GGUF has no tokenizer of the kind.</exception>
    public GgufTokenizerData Data()
    {
        _table.RequireRoomFor(tokenizer.VocabularySize);
        int[] framed = tokenizer.Encode("a");
        (int? begin, int? end) = Around(framed, tokenizer.Encode("a", addSpecialTokens: false));
        (begin, end) = (tokenizer.BosTokenId ?? begin, tokenizer.EosTokenId ?? end);
        var frame = new GgufTokenizerData(
            Model: string.Empty,
            Pre: null,
            Tokens: _table.Tokens,
            Scores: null,
            TokenTypes: _table.Types,
            Merges: null,
            Bos: begin,
            Eos: end,
            Unknown: tokenizer.IdOf(Model["unk_token"]?.GetValue<string>() ?? tokenizer.Settings.UnknownToken),
            Padding: tokenizer.PadTokenId,
            AddBos: begin is int bos && framed.Length > 0 && framed[0] == bos,
            AddEos: end is int eos && framed.Length > 1 && framed[^1] == eos,
            AddSpacePrefix: AddsSpace(),
            ChatTemplate: tokenizer.Settings.ChatTemplate);
        var data = Kind switch
        {
            "Unigram" => GgufUnigram.Write(document, tokenizer, _table, frame),
            "WordPiece" => GgufWordPiece.Write(document, tokenizer, _table, frame),
            _ => Merged(frame),
        };
        return data with { Notes = new TokenizerSelfTest(tokenizer, tokenizer.AddedTokens, document).Compare(data) };
    }

    // One token before and one after a text, for tokenizers that do not name them.
    private static (int? Begin, int? End) Around(int[] framed, int[] plain)
    {
        int start = framed.AsSpan().IndexOf(plain);
        return (start == 1 ? framed[0] : null, start >= 0 && start + plain.Length == framed.Length - 1
            ? framed[^1] : null);
    }

    private GgufTokenizerData Merged(GgufTokenizerData frame)
    {
        bool isByteLevel = Steps(document, "pre_tokenizer", "pretokenizers").Any(step => KindOf(step) == "ByteLevel");
        if (Kind != "BPE" || (!IsScored && !isByteLevel))
        {
            throw GgufTokenTable.Refusal($"a tokenizer {Kind}{(Kind == "BPE" ? " without bytes" : string.Empty)}");
        }

        CollectTokens();
        return frame with
        {
            Model = IsScored ? "llama" : "gpt2",
            Pre = IsScored ? "default" : FindSplit(),
            Scores = IsScored ? Scores() : null,
            Merges = IsScored ? null : [.. Merges().Select(merge => $"{merge.Left} {merge.Right}")],
        };
    }

    private void CollectTokens()
    {
        foreach ((string token, JsonNode? id) in Model["vocab"]!.AsObject())
        {
            _table.Set(
                id!.GetValue<int>(), token, IsScored && IsByte(token) ? GgufTokenTable.Byte : GgufTokenTable.Normal);
        }

        _table.SetAdded(tokenizer.AddedTokens, IsScored ? Model["unk_token"]?.GetValue<string>() : null);
        _table.Fill();
    }

    private static bool IsByte(string token) => token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal)
        && byte.TryParse(token.AsSpan(3, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out _);

    // Merging by falling score is merging by rank when each token has the best rank of the merges that make it.
    private float[] Scores()
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int id = 0; id < vocabularySize; id++)
        {
            ids.TryAdd(_table.Tokens[id], id);
        }

        var scores = new float[vocabularySize];
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
        foreach (JsonObject step in Steps(document, "pre_tokenizer", "pretokenizers"))
        {
            patterns.AddRange(KindOf(step) switch
            {
                "Split" => [step["pattern"]?["Regex"]?.GetValue<string>() ?? step["pattern"]!.ToJsonString()],
                "Digits" when step["individual_digits"]?.GetValue<bool>() == true => [@"\p{N}"],
                "ByteLevel" when step["use_regex"]?.GetValue<bool>() == false => Array.Empty<string>(),
                "ByteLevel" => [ByteLevelPreTokenizer.WordPattern],
                _ => [step.ToJsonString()],
            });
        }

        bool composed = Steps(document, "normalizer", "normalizers").Any(step => KindOf(step) == "NFC");
        return GgufWordSplit.NameOf(patterns, Model["ignore_merges"]?.GetValue<bool>() == true, composed)
            ?? throw GgufTokenTable.Refusal($"a tokenizer that cuts words by {string.Join(" and ", patterns)}");
    }

    private bool AddsSpace()
    {
        if (Kind == "BPE" && !IsScored)
        {
            return Steps(document, "pre_tokenizer", "pretokenizers")
                .Any(step => step["add_prefix_space"]?.GetValue<bool>() == true);
        }

        return Steps(document, "normalizer", "normalizers").Any(step => step["prepend"]?.GetValue<string>() == Space)
            || Steps(document, "pre_tokenizer", "pretokenizers").Any(step => KindOf(step) == "Metaspace"
                && step["prepend_scheme"]?.GetValue<string>() != "never"
                    && step["add_prefix_space"]?.GetValue<bool>() != false);
    }

    /// <summary>The components of a stage: those of a sequence, or the only one.</summary>
    internal static IEnumerable<JsonObject> Steps(JsonObject document, string stage, string list) =>
        document[stage] switch
        {
            JsonObject sequence when sequence[list] is JsonArray steps => steps.OfType<JsonObject>(),
            JsonObject single => [single],
            _ => [],
        };

    /// <summary>The kind of a component.</summary>
    internal static string? KindOf(JsonObject step) => step["type"]?.GetValue<string>();
}
