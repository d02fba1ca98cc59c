using System.Text.Json.Nodes;
using Hypercompress.Models.Generation;

namespace Hypercompress.Server.Replies;

/// <summary>Answers in a conversation.</summary>
/// <param name="texts">Writes tokens.</param>
internal sealed class ChatReply(TokenTexts texts) : IReplyFormat
{
    private const string ChunkKind = "chat.completion.chunk";

    /// <inheritdoc/>
    public string Prefix => "chatcmpl";

    /// <inheritdoc/>
    public JsonObject Whole(ReplyHead head, CompletionResult result, bool tellsProbabilities)
    {
        JsonObject reply = ReplyParts.Reply(head, "chat.completion", new JsonObject
        {
            ["index"] = 0,
            ["message"] = new JsonObject
            {
                ["role"] = "assistant",
                ["content"] = result.Text,
                ["refusal"] = null,
            },
            ["logprobs"] = tellsProbabilities ? texts.OfChat(result.Tokens) : null,
            ["finish_reason"] = ReplyParts.FinishReason(result),
        });
        reply["usage"] = ReplyParts.Usage(result);
        return reply;
    }

    /// <inheritdoc/>
    public JsonObject? First(ReplyHead head) =>
        Chunk(head, new JsonObject { ["role"] = "assistant", ["content"] = "" }, null, null);

    /// <inheritdoc/>
    public JsonObject Piece(ReplyHead head, CompletionPiece piece, bool tellsProbabilities) => Chunk(
        head,
        new JsonObject { ["content"] = piece.Text },
        tellsProbabilities ? texts.OfChat(piece.Tokens) : null,
        null);

    /// <inheritdoc/>
    public JsonObject Last(ReplyHead head, CompletionResult result) =>
        Chunk(head, [], null, ReplyParts.FinishReason(result));

    /// <inheritdoc/>
    public JsonObject Usage(ReplyHead head, CompletionResult result)
    {
        JsonObject reply = ReplyParts.Reply(head, ChunkKind, null);
        reply["usage"] = ReplyParts.Usage(result);
        return reply;
    }

    private static JsonObject Chunk(ReplyHead head, JsonObject delta, JsonObject? probabilities, string? reason) =>
        ReplyParts.Reply(head, ChunkKind, new JsonObject
        {
            ["index"] = 0,
            ["delta"] = delta,
            ["logprobs"] = probabilities,
            ["finish_reason"] = reason,
        });
}
