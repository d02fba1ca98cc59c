using System.Net.Sockets;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Generation;
using Hypercompress.Server.Access;
using Hypercompress.Server.Pages;
using Hypercompress.Server.Replies;
using Hypercompress.Server.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Hypercompress.Server;

/// <summary>
/// A model behind HTTP, in the way of the OpenAI API: <c>/v1/models</c>, <c>/v1/chat/completions</c>,
/// <c>/v1/completions</c>, <c>/health</c>, and a page to talk to it at <c>/</c>. Several generations run at the same
/// time; an engine such as the integer one computes their next tokens together.
/// </summary>
public sealed class ModelServer : IAsyncDisposable
{
    private const long MostBytesOfARequest = 8_000_000;
    private const int StatusClientGone = 499;

    // Without a body in reply to HEAD, with which monitors ask whether there is a server.
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];
    private readonly WebApplication _application;
    private readonly GenerationQueue _queue;

    private ModelServer(WebApplication application, GenerationQueue queue) =>
        (_application, _queue) = (application, queue);

    /// <summary>Where it listens, with the port that was taken.</summary>
    public Uri Address => new(_application.Urls.First());

    /// <summary>Requests that run or wait.</summary>
    internal int Present => _queue.Present;

    /// <summary>Starts a server.</summary>
    /// <param name="engine">The model; stays the caller's, and has to outlive the server.</param>
    /// <param name="options">Where it listens, and how much it takes on.</param>
    /// <param name="clock">The clock of replies.</param>
    /// <param name="onProblem">Gets failures that clients are not told in full; null for nobody.</param>
    /// <param name="cancellation">Ends the start.</param>
    /// <returns>The server, which answers already; the caller disposes it.</returns>
    /// <exception cref="ConfigurationException">An option is out of range, or the port is taken.</exception>
    public static async Task<ModelServer> StartAsync(
        ITextEngine engine,
        ServerOptions options,
        TimeProvider clock,
        Action<Exception>? onProblem = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        options.Validate();
        WebApplication application = Build(options);
        var queue = new GenerationQueue(options.Parallel, options.Waiting);
        Map(application, engine, options, queue, clock, onProblem);
        try
        {
            await application.StartAsync(cancellation);
            return new ModelServer(application, queue);
        }
        catch (Exception problem) when (problem is IOException or SocketException)
        {
            await application.DisposeAsync();
            throw new ConfigurationException(
                $"cannot listen on {options.Host}, port {options.Port}: {Reason(problem)}", problem);
        }
    }

    private static string Reason(Exception problem) => problem is IOException { InnerException: AddressInUseException }
        ? "another program listens there; give another port, or 0 for a free one"
        : (problem as SocketException ?? problem.GetBaseException() as SocketException)?.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse => "another program listens there; give another port, or 0 for a free one",
            SocketError.AddressNotAvailable => "this machine has no such address; give one that it has",
            SocketError.AccessDenied => "this user may not listen there; give a port from 1024",
            _ => $"{problem.Message.TrimEnd('.')}; give another address or port",
        };

    /// <summary>Stops: running generations end, and their clients get no more.</summary>
    /// <returns>When it has stopped.</returns>
    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
        _queue.Dispose();
    }

    // The empty builder reads no settings of the current folder and of the environment.
    private static WebApplication Build(ServerOptions options)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MostBytesOfARequest;
            kestrel.Listen(options.Address, options.Port);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, CallersLifetime>();
        builder.Services.Configure<HostOptions>(
            host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        return builder.Build();
    }

    private static void Map(
        WebApplication application,
        ITextEngine engine,
        ServerOptions options,
        GenerationQueue queue,
        TimeProvider clock,
        Action<Exception>? onProblem)
    {
        var rules = new AccessRules(options);
        var encoder = new ChatEncoder(engine.Tokenizer, engine.Name, clock);
        var sampling = new SamplingReader(engine);
        var texts = new TokenTexts(engine.Tokenizer);
        var models = new ModelList(engine, encoder, clock);
        var chat = new CompletionEndpoint(
            engine, new ChatRequestReader(encoder, sampling), new ChatReply(texts), queue, clock);
        var text = new CompletionEndpoint(
            engine, new TextRequestReader(engine.Tokenizer, sampling), new TextReply(texts), queue, clock);
        RequestDelegate Guarded(RequestDelegate answer) => context =>
        {
            rules.CheckKey(context.Request);
            return answer(context);
        };

        application.Use(next => context => GuardAsync(context, next, rules, onProblem));
        application.UseRouting();
        application.MapMethods("/", Reading, ChatPage.SendAsync);
        application.MapMethods("/health", Reading, models.SendHealthAsync);
        application.MapMethods("/v1/models", Reading, Guarded(models.SendAllAsync));
        application.MapMethods("/v1/models/{**name}", Reading, Guarded(models.SendOneAsync));
        application.MapPost("/v1/chat/completions", Guarded(chat.AnswerAsync));
        application.MapPost("/v1/completions", Guarded(text.AnswerAsync));
    }

    // What no endpoint has answered has no body yet.
    private static void CheckAddress(HttpContext context)
    {
        string? message = context.Response switch
        {
            { HasStarted: true } => null,
            { StatusCode: StatusCodes.Status405MethodNotAllowed } =>
                $"this address takes {context.Response.Headers.Allow}",
            { StatusCode: StatusCodes.Status404NotFound } =>
                "there is nothing here; see /v1/models, /v1/chat/completions, /v1/completions and /health",
            _ => null,
        };
        if (message is not null)
        {
            throw new ApiException(context.Response.StatusCode, ApiException.InvalidRequest, message);
        }
    }

    private static async Task GuardAsync(
        HttpContext context, RequestDelegate next, AccessRules rules, Action<Exception>? onProblem)
    {
        CancellationToken gone = context.RequestAborted;
        try
        {
            rules.CheckHost(context.Request);
            await next(context);
            CheckAddress(context);
        }
        catch (Exception) when (gone.IsCancellationRequested)
        {
            context.Response.StatusCode = context.Response.HasStarted ? context.Response.StatusCode : StatusClientGone;
        }
        catch (Exception problem) when (!context.Response.HasStarted)
        {
            ApiException known = ErrorReply.Explain(problem);
            if (known.Status >= StatusCodes.Status500InternalServerError)
            {
                onProblem?.Invoke(problem);
            }

            await JsonReply.SendErrorAsync(context.Response, known, gone);
        }
    }
}
