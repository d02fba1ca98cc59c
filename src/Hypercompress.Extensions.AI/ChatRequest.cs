using Hypercompress.Models.Errors;
using Hypercompress.Models.Generation;
using Microsoft.Extensions.AI;
using Turn = Hypercompress.Models.Templates.ChatMessage;

namespace Hypercompress.Extensions.AI;

/// <summary>Reads conversations and options.</summary>
/// <param name="engine">The model.</param>
/// <param name="encoder">Turns conversations into prompts.</param>
internal sealed class ChatRequest(ITextEngine engine, ChatEncoder encoder)
{
    private long _requests;

    /// <summary>Reads a request.</summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">How to answer; null for the defaults.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>The text to be continued.</returns>
    /// <exception cref="ConfigurationException">It is out of range, or asks for what no model here does.</exception>
    public CompletionRequest Read(
        IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(messages);
        options ??= new ChatOptions();
        Check(options);
        Turn[] instructions = options.Instructions is { } text ? [new Turn("system", text)] : [];
        int[] prompt = encoder.Encode([.. instructions, .. messages.Select(Read)], cancellation);
        int room = Math.Max(1, engine.MaxContext - prompt.Length);
        var sampling = new SamplingOptions
        {
            MaxTokens = Math.Min(options.MaxOutputTokens ?? room, room),
            Temperature = options.Temperature ?? 1,
            TopP = options.TopP ?? 1,
            TopK = options.TopK ?? 0,
            Seed = unchecked((ulong)(options.Seed ?? Interlocked.Increment(ref _requests))),
        };
        return new CompletionRequest(prompt, sampling) { Stop = [.. options.StopSequences ?? []] };
    }

    private void Check(ChatOptions options)
    {
        Refuse(options.Tools is { Count: > 0 }, "tools");
        Refuse(options.ResponseFormat is not (null or ChatResponseFormatText), "formats other than text");
        Refuse(options.FrequencyPenalty is not (null or 0), "a frequency penalty");
        Refuse(options.PresencePenalty is not (null or 0), "a presence penalty");
        if (options.ModelId is { } model && model != engine.Name)
        {
            throw new ConfigurationException($"there is no model '{model}' here; this client has '{engine.Name}'");
        }
    }

    private static void Refuse(bool isAsked, string what)
    {
        if (isAsked)
        {
            throw new ConfigurationException($"this client does not support {what}; leave the option out");
        }
    }

    private static Turn Read(ChatMessage message)
    {
        if (message.Contents.Any(content => content is not TextContent))
        {
            throw new ConfigurationException("messages may hold text only");
        }

        return message.Role == ChatRole.System || message.Role == ChatRole.User || message.Role == ChatRole.Assistant
            ? new Turn(message.Role.Value, message.Text)
            : throw new ConfigurationException(
                $"the role of a message must be system, user or assistant, found '{message.Role.Value}'");
    }
}
