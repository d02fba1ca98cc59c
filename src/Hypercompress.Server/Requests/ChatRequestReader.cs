using System.Text.Json;
using Hypercompress.Models.Generation;
using Hypercompress.Models.Templates;

namespace Hypercompress.Server.Requests;

/// <summary>Reads requests for an answer in a conversation.</summary>
/// <param name="encoder">Turns conversations into prompts.</param>
/// <param name="sampling">Reads the rest.</param>
internal sealed class ChatRequestReader(ChatEncoder encoder, SamplingReader sampling) : IRequestReader
{
    private const int MostAlternatives = 20;

    /// <inheritdoc/>
    public ApiRequest Read(RequestBody body, CancellationToken cancellation)
    {
        body.Refuse("tools", "tool_choice", "functions", "function_call", "audio", "prediction");
        CheckFormat(body);
        int[] prompt = encoder.Encode(Messages(body), cancellation);
        long? limit = body.Whole("max_completion_tokens", 1, int.MaxValue) ?? body.Whole("max_tokens", 1, int.MaxValue);
        long? alternatives = body.Whole("top_logprobs", 0, MostAlternatives);
        bool tells = body.Flag("logprobs");
        if (alternatives > 0 && !tells)
        {
            throw ApiException.Invalid("top_logprobs", "top_logprobs needs logprobs to be true");
        }

        return sampling.Read(body, prompt, limit, tells ? (int)(alternatives ?? 0) : null);
    }

    private static void CheckFormat(RequestBody body)
    {
        if (body.At("response_format") is { } format
            && !(format.ValueKind == JsonValueKind.Object && new RequestBody(format).Text("type") == "text"))
        {
            throw ApiException.Invalid(
                "response_format", "this server writes text only; leave response_format out", "unsupported_parameter");
        }
    }

    private static List<ChatMessage> Messages(RequestBody body)
    {
        if (body.At("messages") is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() == 0)
        {
            throw ApiException.Invalid("messages", "messages must be a list of at least one message");
        }

        return [.. list.EnumerateArray().Select(Message)];
    }

    private static ChatMessage Message(JsonElement message, int index)
    {
        string name = $"messages[{index}]";
        if (message.ValueKind != JsonValueKind.Object)
        {
            throw ApiException.Invalid(name, $"{name} must be an object with role and content");
        }

        var body = new RequestBody(message);
        string role = body.Text("role") switch
        {
            "system" or "developer" => "system",
            "user" => "user",
            "assistant" => "assistant",
            var other => throw ApiException.Invalid(
                $"{name}.role", $"{name}.role must be system, developer, user or assistant, found '{other}'"),
        };
        return new ChatMessage(role, Content(body.At("content"), $"{name}.content"));
    }

    private static string Content(JsonElement? content, string name) => content switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { ValueKind: JsonValueKind.Array } parts => string.Concat(parts.EnumerateArray().Select(
            part => part.ValueKind == JsonValueKind.Object && new RequestBody(part).Text("type") == "text"
                && new RequestBody(part).Text("text") is { } text
                ? text
                : throw ApiException.Invalid(name, $"{name} may have parts of the type text only"))),
        _ => throw ApiException.Invalid(name, $"{name} must be a text, or a list of parts of the type text"),
    };
}
