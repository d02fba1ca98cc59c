using System.Globalization;
using System.Text.Json;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Generation;
using Hypercompress.Server.Replies;
using Hypercompress.Server.Requests;
using Microsoft.AspNetCore.Http;

namespace Hypercompress.Server;

/// <summary>Answers the requests of one endpoint with text.</summary>
/// <param name="engine">Generates the text.</param>
/// <param name="reader">Reads requests.</param>
/// <param name="format">Writes replies.</param>
/// <param name="queue">Says when a generation may begin.</param>
/// <param name="clock">The clock of replies.</param>
internal sealed class CompletionEndpoint(
    ITextEngine engine, IRequestReader reader, IReplyFormat format, GenerationQueue queue, TimeProvider clock)
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32 };
    private readonly TextCompleter _completer = new(engine);
    private long _replies;

    /// <summary>Answers a request.</summary>
    /// <param name="context">The request and its reply.</param>
    /// <returns>When the reply is sent, or the client has gone and the generation has ended.</returns>
    /// <exception cref="ApiException">The request is wrong, or the queue is full.</exception>
    public async Task AnswerAsync(HttpContext context)
    {
        CancellationToken gone = context.RequestAborted;
        ApiRequest request = await ReadAsync(context.Request, gone);
        using IDisposable turn = await queue.EnterAsync(gone) ?? throw new ApiException(
            StatusCodes.Status429TooManyRequests,
            "server_busy",
            queue.Present == 1
                ? "a request runs already; try again later"
                : $"{queue.Present} requests run or wait already; try again later",
            code: "queue_full");
        if (request.Streams)
        {
            await StreamAsync(context.Response, request, gone);
            return;
        }

        CompletionResult result = await _completer.CompleteAsync(request.Completion, gone);
        await JsonReply.SendAsync(
            context.Response, format.Whole(Head(), result, TellsProbabilities(request)), gone);
    }

    private static bool TellsProbabilities(ApiRequest request) =>
        request.Completion.Sampling.LogProbabilities is not null;

    private ReplyHead Head() => new(
        string.Create(CultureInfo.InvariantCulture, $"{format.Prefix}-{Interlocked.Increment(ref _replies):x8}"),
        clock.GetUtcNow().ToUnixTimeSeconds(),
        engine.Name);

    private async Task<ApiRequest> ReadAsync(HttpRequest request, CancellationToken gone)
    {
        // A page of another site may send text to any address without asking first, but not JSON.
        if (!request.HasJsonContentType())
        {
            throw new ApiException(
                StatusCodes.Status415UnsupportedMediaType,
                ApiException.InvalidRequest,
                "the request must be JSON: send it with 'Content-Type: application/json'");
        }

        try
        {
            using JsonDocument document = await JsonDocument.ParseAsync(request.Body, Strict, gone);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? reader.Read(new RequestBody(document.RootElement), gone)
                : throw ApiException.Invalid(null, "the request must be a JSON object");
        }
        catch (JsonException problem)
        {
            throw ApiException.Invalid(null, $"the request is not JSON: {MalformedJson.Describe(problem)}");
        }
    }

    private async Task StreamAsync(HttpResponse response, ApiRequest request, CancellationToken gone)
    {
        var events = new EventStream(response);
        try
        {
            await SendAsync(events, request, gone);
        }
        catch (Exception problem) when (events.HasBegun && !gone.IsCancellationRequested)
        {
            await events.SendAsync(ErrorReply.ToJson(ErrorReply.Explain(problem)), gone);
        }
    }

    private async Task SendAsync(EventStream events, ApiRequest request, CancellationToken gone)
    {
        bool tellsProbabilities = TellsProbabilities(request);
        ReplyHead head = Head();
        await foreach (CompletionPiece piece in _completer.StreamAsync(request.Completion, gone))
        {
            // Nothing is written before the first piece: a failure until then still becomes a status.
            if (!events.HasBegun && format.First(head) is { } first)
            {
                await events.SendAsync(first, gone);
            }

            if (piece.Result is { } result)
            {
                await SendEndAsync(events, head, result, request.TellsUsage, gone);
            }
            else if (piece.Text.Length > 0 || tellsProbabilities)
            {
                await events.SendAsync(format.Piece(head, piece, tellsProbabilities), gone);
            }
        }
    }

    private async Task SendEndAsync(
        EventStream events, ReplyHead head, CompletionResult result, bool tellsUsage, CancellationToken gone)
    {
        await events.SendAsync(format.Last(head, result), gone);
        if (tellsUsage)
        {
            await events.SendAsync(format.Usage(head, result), gone);
        }

        await events.EndAsync(gone);
    }
}
