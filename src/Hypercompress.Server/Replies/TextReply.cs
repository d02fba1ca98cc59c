using System.Text.Json.Nodes;
using Hypercompress.Models.Generation;

namespace Hypercompress.Server.Replies;

/// <summary>Continued texts.</summary>
/// <param name="texts">Writes tokens.</param>
internal sealed class TextReply(TokenTexts texts) : IReplyFormat
{
    private const string Kind = "text_completion";

    /// <inheritdoc/>
    public string Prefix => "cmpl";

    /// <inheritdoc/>
    public JsonObject Whole(ReplyHead head, CompletionResult result, bool tellsProbabilities)
    {
        JsonObject reply = Chunk(
            head,
            result.Text,
            tellsProbabilities ? texts.OfText(result.Tokens) : null,
            ReplyParts.FinishReason(result));
        reply["usage"] = ReplyParts.Usage(result);
        return reply;
    }

    /// <inheritdoc/>
    public JsonObject? First(ReplyHead head) => null;

    /// <inheritdoc/>
    public JsonObject Piece(ReplyHead head, CompletionPiece piece, bool tellsProbabilities) =>
        Chunk(head, piece.Text, tellsProbabilities ? texts.OfText(piece.Tokens) : null, null);

    /// <inheritdoc/>
    public JsonObject Last(ReplyHead head, CompletionResult result) =>
        Chunk(head, "", null, ReplyParts.FinishReason(result));

    /// <inheritdoc/>
    public JsonObject Usage(ReplyHead head, CompletionResult result)
    {
        JsonObject reply = ReplyParts.Reply(head, Kind, null);
        reply["usage"] = ReplyParts.Usage(result);
        return reply;
    }

    private static JsonObject Chunk(ReplyHead head, string text, JsonObject? probabilities, string? reason) =>
        ReplyParts.Reply(head, Kind, new JsonObject
        {
            ["text"] = text,
            ["index"] = 0,
            ["logprobs"] = probabilities,
            ["finish_reason"] = reason,
        });
}
