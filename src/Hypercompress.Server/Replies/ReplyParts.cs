using System.Text.Json.Nodes;
using Hypercompress.Models.Generation;

namespace Hypercompress.Server.Replies;

/// <summary>Parts that all replies have.</summary>
internal static class ReplyParts
{
    /// <summary>A reply with its head.</summary>
    /// <param name="head">The head.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="choice">The one choice; null for none.</param>
    /// <returns>The object.</returns>
    public static JsonObject Reply(ReplyHead head, string kind, JsonObject? choice) => new()
    {
        ["id"] = head.Id,
        ["object"] = kind,
        ["created"] = head.Created,
        ["model"] = head.Model,
        ["choices"] = choice is null ? new JsonArray() : new JsonArray(choice),
    };

    /// <summary>The counts of tokens.</summary>
    /// <param name="result">The text.</param>
    /// <returns>The object.</returns>
    public static JsonObject Usage(CompletionResult result)
    {
        (int prompt, int made) = (result.Generation.PromptTokens, result.Generation.TokenIds.Length);
        return new JsonObject
        {
            ["prompt_tokens"] = prompt,
            ["completion_tokens"] = made,
            ["total_tokens"] = prompt + made,
            ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = result.Generation.KnownTokens },
        };
    }

    /// <summary>Why a text ended.</summary>
    /// <param name="result">The text.</param>
    /// <returns><c>stop</c> or <c>length</c>.</returns>
    public static string FinishReason(CompletionResult result) => result.IsComplete ? "stop" : "length";
}
