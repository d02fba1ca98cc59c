using System.Text;
using System.Text.Json.Nodes;
using Hypercompress.Models.Generation;
using Hypercompress.Models.Tokenization;

namespace Hypercompress.Server.Replies;

/// <summary>Tokens with their probabilities, as clients read them.</summary>
/// <param name="tokenizer">Gives the texts of tokens.</param>
internal sealed class TokenTexts(ITokenizer tokenizer)
{
    /// <summary>Tokens of an answer in a conversation.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <returns>An object with the member <c>content</c>.</returns>
    public JsonObject OfChat(IEnumerable<GeneratedToken> tokens) => new()
    {
        ["content"] = new JsonArray([.. tokens.Select(OfChat)]),
        ["refusal"] = null,
    };

    /// <summary>Tokens of a continued text.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <returns>An object with four lists of one length.</returns>
    public JsonObject OfText(IReadOnlyList<GeneratedToken> tokens)
    {
        var offsets = new JsonArray();
        int offset = 0;
        foreach (GeneratedToken token in tokens)
        {
            offsets.Add(offset);
            offset += Text(token.Id).Length;
        }

        return new JsonObject
        {
            ["tokens"] = new JsonArray([.. tokens.Select(token => JsonValue.Create(Text(token.Id)))]),
            ["token_logprobs"] = new JsonArray([.. tokens.Select(token => JsonValue.Create(token.LogProbability))]),
            ["top_logprobs"] = new JsonArray([.. tokens.Select(Alternatives)]),
            ["text_offset"] = offsets,
        };
    }

    private JsonNode OfChat(GeneratedToken token)
    {
        JsonObject entry = Entry(token.Id, token.LogProbability ?? 0);
        entry["top_logprobs"] = new JsonArray([.. token.Best.Select(one => Entry(one.Id, one.LogProbability))]);
        return entry;
    }

    private JsonObject Entry(int id, double logProbability)
    {
        string text = Text(id);
        return new JsonObject
        {
            ["token"] = text,
            ["logprob"] = logProbability,
            ["bytes"] = new JsonArray([.. Encoding.UTF8.GetBytes(text).Select(value => JsonValue.Create((int)value))]),
        };
    }

    // Different tokens may have one text, such as parts of characters: the most probable one stands for it.
    private JsonNode Alternatives(GeneratedToken token)
    {
        var entries = new JsonObject();
        foreach (TokenChoice choice in token.Best)
        {
            entries.TryAdd(Text(choice.Id), choice.LogProbability);
        }

        return entries;
    }

    private string Text(int id) => tokenizer.Decode([id]);
}
