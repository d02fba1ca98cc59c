using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
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

        CompletionResult result = await OnThread(() => _completer.Complete(request.Completion, null, gone));
        await JsonReply.SendAsync(
            context.Response, format.Whole(Head(), result, TellsProbabilities(request)), gone);
    }

    // Generations wait for each other's steps: on threads of the pool they would take those that requests need.
    private static Task<CompletionResult> OnThread(Func<CompletionResult> generate) => Task.Factory.StartNew(
        generate, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

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
        var pieces = Channel.CreateUnbounded<CompletionPiece>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(gone);
        Task<CompletionResult> work = OnThread(() => Generate(request, pieces.Writer, stop.Token));
        try
        {
            await SendAsync(events, request, pieces.Reader, work, gone);
        }
        catch (Exception problem) when (events.HasBegun && !gone.IsCancellationRequested)
        {
            await events.SendAsync(ErrorReply.ToJson(ErrorReply.Explain(problem)), gone);
        }
        finally
        {
            // The turn ends when the generation has, whether or not somebody still listens.
            await stop.CancelAsync();
            await work.ContinueWith(
                _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private CompletionResult Generate(
        ApiRequest request, ChannelWriter<CompletionPiece> pieces, CancellationToken stop)
    {
        try
        {
            return _completer.Complete(request.Completion, piece => pieces.TryWrite(piece), stop);
        }
        finally
        {
            pieces.Complete();
        }
    }

    private async Task SendAsync(
        EventStream events,
        ApiRequest request,
        ChannelReader<CompletionPiece> pieces,
        Task<CompletionResult> work,
        CancellationToken gone)
    {
        bool tellsProbabilities = TellsProbabilities(request);
        ReplyHead head = Head();
        if (!await pieces.WaitToReadAsync(gone))
        {
            // Nothing was written: a failure still becomes a status.
            await work;
        }

        if (format.First(head) is { } first)
        {
            await events.SendAsync(first, gone);
        }

        await foreach (CompletionPiece piece in pieces.ReadAllAsync(gone))
        {
            if (piece.Text.Length > 0 || tellsProbabilities)
            {
                await events.SendAsync(format.Piece(head, piece, tellsProbabilities), gone);
            }
        }

        CompletionResult result = await work;
        await events.SendAsync(format.Last(head, result), gone);
        if (request.TellsUsage)
        {
            await events.SendAsync(format.Usage(head, result), gone);
        }

        await events.EndAsync(gone);
    }
}
