using System.Text.Json.Nodes;
using Hypercompress.Models.Tokenization.Classic;

namespace Hypercompress.Models.Tokenization.Gguf;

/// <summary>
/// BERT's vocabulary in a GGUF file: a token that begins a word has U+2581 before it, one that continues a word has
/// nothing; <c>vocab.txt</c> has it the other way round.
/// </summary>
internal static class GgufWordPiece
{
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
