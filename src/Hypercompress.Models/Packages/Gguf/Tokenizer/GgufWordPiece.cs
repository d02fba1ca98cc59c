using System.Text.Json.Nodes;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Tokenization.Classic;
using Hypercompress.Models.Tokenization.Loading;

namespace Hypercompress.Models.Packages.Gguf.Tokenizer;

/// <summary>
/// BERT's vocabulary in a GGUF file: a token that begins a word has U+2581 before it, one that continues a word has
/// nothing; <c>vocab.txt</c> has it the other way round.
/// </summary>
internal static class GgufWordPiece
{
    private const string Continuing = "##";

    /// <summary>The <c>tokenizer.json</c>, without added tokens and post-processor.</summary>
    public static JsonObject Create(GgufTokenizerData data)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int id = 0; id < data.Tokens.Count; id++)
        {
            // Of a token that is there twice, only the first can come out of text.
            ids.TryAdd(Rewritten(data, id), id);
        }

        return WordPieceDocument.Create(
            ids, Rewritten(data, data.Unknown!.Value), data.LowerCase ?? true, data.StripAccents);
    }

    /// <summary>The way back.</summary>
    /// <param name="document">The content of <c>tokenizer.json</c>, well-formed.</param>
    /// <param name="tokenizer">The tokenizer that was made of it.</param>
    /// <param name="table">Gets the tokens.</param>
    /// <param name="frame">What all kinds have.</param>
    /// <exception cref="ConfigurationException">Its words are marked in another way.</exception>
    public static GgufTokenizerData Write(
        JsonObject document, TokenizerJson tokenizer, GgufTokenTable table, GgufTokenizerData frame)
    {
        JsonObject model = document["model"]!.AsObject();
        string? unknown = (string?)model["unk_token"];
        if (((string?)model["continuing_subword_prefix"] ?? Continuing) != Continuing
            || tokenizer.IdOf(unknown) is null)
        {
            throw GgufTokenTable.Refusal("a WordPiece tokenizer without ## and a token for unknown words");
        }

        FillTable(model, tokenizer, table, unknown!);
        return WithNormalizer(document, WithSpecialTokens(tokenizer, frame) with
        {
            Model = "bert",
            Pre = "default",
            Unknown = tokenizer.IdOf(unknown),
            AddSpacePrefix = null,
        });
    }

    private static void FillTable(JsonObject model, TokenizerJson tokenizer, GgufTokenTable table, string unknown)
    {
        foreach ((string token, JsonNode? id) in model["vocab"]!.AsObject())
        {
            bool isBracketed = token.StartsWith('[') && token.EndsWith(']') && token.Length > 2;
            table.Set(id!.GetValue<int>(), isBracketed ? token : Marked(token), GgufTokenTable.Normal);
        }

        table.SetAdded(tokenizer.AddedTokens, unknown);
        table.Set(tokenizer.IdOf(unknown)!.Value, unknown, GgufTokenTable.Unknown);
        table.Fill();
    }

    private static GgufTokenizerData WithSpecialTokens(TokenizerJson tokenizer, GgufTokenizerData frame)
    {
        int[] framed = tokenizer.Encode("a");
        int? first = tokenizer.IdOf(tokenizer.Settings.ClassToken ?? "[CLS]");
        int? last = tokenizer.IdOf(tokenizer.Settings.SeparatorToken ?? "[SEP]");
        return first is null || last is null
            ? throw GgufTokenTable.Refusal("a WordPiece tokenizer without tokens that begin and end a text")
            : frame with
            {
                Bos = first,
                Eos = last,
                Separator = last,
                AddBos = framed.Length > 0 && framed[0] == first,
                AddEos = null,
                AddSeparator = framed.Length > 1 && framed[^1] == last,
            };
    }

    private static GgufTokenizerData WithNormalizer(JsonObject document, GgufTokenizerData data)
    {
        JsonObject? rules = GgufTokenizerWriter.Steps(document, "normalizer", "normalizers")
            .FirstOrDefault(step => GgufTokenizerWriter.KindOf(step) == "BertNormalizer");
        bool lowers = rules?["lowercase"]?.GetValue<bool>() ?? false;
        return data with
        {
            LowerCase = lowers,
            StripAccents = rules?["strip_accents"]?.GetValue<bool>() ?? lowers,
        };
    }

    private static string Marked(string token) =>
        !token.StartsWith(Continuing, StringComparison.Ordinal) || token == Continuing
        ? GgufTokenizer.Space + token
        : token.StartsWith(Continuing + GgufTokenizer.Space, StringComparison.Ordinal)
            ? throw GgufTokenTable.Refusal($"the token '{token}' of a WordPiece tokenizer")
            : token[Continuing.Length..];

    private static string Rewritten(GgufTokenizerData data, int id)
    {
        string token = data.Tokens[id];
        bool special = GgufTokenizer.TypeOf(data, id) != GgufTokenizer.NormalType
            || id == data.Bos || id == data.Eos || id == data.Unknown || id == data.Padding
            || (token.StartsWith('[') && token.EndsWith(']') && token.Length > 2);
        return token.StartsWith(GgufTokenizer.Space, StringComparison.Ordinal) ? token[1..]
            : special ? token
            : "##" + token;
    }
}
