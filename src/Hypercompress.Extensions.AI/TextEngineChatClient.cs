using System.Globalization;
using System.Runtime.CompilerServices;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Generation;
using Microsoft.Extensions.AI;

namespace Hypercompress.Extensions.AI;

/// <summary>
/// A model in this process as a chat client. Requests with tools, other formats than text, or penalties are refused and
/// not answered as if these had not been asked for.
/// </summary>
public sealed class TextEngineChatClient : IChatClient
{
    private readonly ITextEngine _engine;
    private readonly TextCompleter _completer;
    private readonly ChatRequest _requests;
    private readonly ChatClientMetadata _metadata;
    private long _replies;

    /// <summary>Prepares.</summary>
    /// <param name="engine">The model, which needs a chat template; stays the caller's.</param>
    /// <param name="clock">The clock of templates that write the date; the system's by default.</param>
    public TextEngineChatClient(ITextEngine engine, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(engine);
        _engine = engine;
        _completer = new TextCompleter(engine);
        _requests = new ChatRequest(
            engine, new ChatEncoder(engine.Tokenizer, engine.Name, clock ?? TimeProvider.System));
        _metadata = new ChatClientMetadata("hypercompress", defaultModelId: engine.Name);
    }

    /// <inheritdoc/>
    /// <exception cref="ConfigurationException">The request is out of range, or asks for what no model here does.
    /// </exception>
    /// <exception cref="NumericalException">The model computed logits that are not numbers.</exception>
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        CompletionRequest request = _requests.Read(messages, options, cancellationToken);
        CompletionResult result = await Task.Run(
            () => _completer.Complete(request, null, cancellationToken), cancellationToken).ConfigureAwait(false);
        string id = NextId();
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, result.Text) { MessageId = id })
        {
            ResponseId = id,
            ModelId = _engine.Name,
            FinishReason = Reason(result),
            Usage = Usage(result),
        };
    }

    /// <inheritdoc/>
    /// <exception cref="ConfigurationException">The request is out of range, or asks for what no model here does.
    /// </exception>
    /// <exception cref="NumericalException">The model computed logits that are not numbers.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        CompletionRequest request = _requests.Read(messages, options, cancellationToken);
        string id = NextId();
        await foreach (CompletionPiece piece in _completer.StreamAsync(request, cancellationToken)
            .ConfigureAwait(false))
        {
            if (piece.Result is { } result)
            {
                ChatResponseUpdate last = Update(id, new UsageContent(Usage(result)));
                last.FinishReason = Reason(result);
                yield return last;
            }
            else if (piece.Text.Length > 0)
            {
                yield return Update(id, new TextContent(piece.Text));
            }
        }
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? _metadata
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType.IsInstanceOfType(_engine) ? _engine
            : null;
    }

    /// <summary>Does nothing: the model stays the caller's.</summary>
    public void Dispose()
    {
    }

    private ChatResponseUpdate Update(string id, AIContent content) => new(ChatRole.Assistant, [content])
    {
        ResponseId = id,
        MessageId = id,
        ModelId = _engine.Name,
    };

    private string NextId() =>
        string.Create(CultureInfo.InvariantCulture, $"chat-{Interlocked.Increment(ref _replies):x8}");

    private static ChatFinishReason Reason(CompletionResult result) =>
        result.IsComplete ? ChatFinishReason.Stop : ChatFinishReason.Length;

    private static UsageDetails Usage(CompletionResult result)
    {
        (int prompt, int made) = (result.Generation.PromptTokens, result.Generation.TokenIds.Length);
        return new UsageDetails
        {
            InputTokenCount = prompt,
            OutputTokenCount = made,
            TotalTokenCount = prompt + made,
            CachedInputTokenCount = result.Generation.KnownTokens,
        };
    }
}
