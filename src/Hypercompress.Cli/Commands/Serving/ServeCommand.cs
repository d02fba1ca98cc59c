using System.CommandLine;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Hypercompress.Cli.Options;
using Hypercompress.Cli.Output;
using Hypercompress.Cli.Parsing;
using Hypercompress.Models.Files;
using Hypercompress.Models.Generation;
using Hypercompress.Server;

namespace Hypercompress.Cli.Commands.Serving;

/// <summary><c>serve</c>: puts a model behind HTTP.</summary>
internal static class ServeCommand
{
    /// <summary>Creates the verb.</summary>
    /// <param name="terminal">Where it writes.</param>
    /// <returns>The verb.</returns>
    public static Command Create(Terminal terminal)
    {
        var options = new ServeOptions();
        var command = new Verb(
            "serve",
            "Serves a model over HTTP with the OpenAI API and a page to talk to it, until Ctrl-C",
            "serve small",
            "serve small --port 8000 --key-file key.txt --host 0.0.0.0");
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            ServerOptions server = options.Read(parsed);
            EngineChoice choice = options.Engine.Read(parsed);
            using RunningModel running = RunningModel.Open(
                parsed.GetValue(options.Model), ModelAccess.Of(parsed, terminal), choice);
            ServeAsync(
                terminal,
                parsed.GetValue(options.Json),
                new ModelTextEngine(running.Generator()),
                server,
                () => TellMemory(terminal, running, server)).GetAwaiter().GetResult();
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static void TellMemory(Terminal terminal, RunningModel running, ServerOptions server)
    {
        if (running.CacheBytesPerToken is { } bytes)
        {
            string requests = server.Parallel == 1
                ? "one request decodes at a time"
                : $"up to {server.Parallel} requests decode together";
            terminal.Messages.WriteLine(
                $"{requests}; keys and values take {SizeText.Of(bytes)} a token, at most "
                + $"{SizeText.Of((double)bytes * running.CacheTokens)} a request");
        }
    }

    // An address that stands for all of them cannot be opened.
    private static (Uri Address, string Networks) Reached(Uri address) =>
        IPAddress.TryParse(address.Host.Trim('[', ']'), out IPAddress? host)
        && (host.Equals(IPAddress.Any) || host.Equals(IPAddress.IPv6Any))
            ? (new UriBuilder(address) { Host = "localhost" }.Uri, ", and at all other addresses of this machine")
            : (address, string.Empty);

    private static async Task ServeAsync(
        Terminal terminal, bool json, ITextEngine engine, ServerOptions options, Action tellMemory)
    {
        await using ModelServer server = await ModelServer.StartAsync(
            engine,
            options,
            TimeProvider.System,
            problem => terminal.Messages.WriteLine($"error: {Failure.Explain(problem).Message}"),
            terminal.Cancellation);
        tellMemory();
        (Uri address, string networks) = Reached(server.Address);
        if (json)
        {
            terminal.WriteJson(new JsonObject
            {
                ["url"] = address.ToString(),
                ["model"] = engine.Name,
                ["parallel"] = options.Parallel,
            });
        }

        terminal.Messages.WriteLine($"{engine.Name} is served at {address} (API at {address}v1){networks}");
        if (!options.IsLocal && options.Key is null)
        {
            terminal.Note(
                "everybody who reaches this address can use the model; --key-file asks for a key");
        }

        terminal.Messages.WriteLine("Ctrl-C stops the server");
        var stopped = new TaskCompletionSource();
        await using CancellationTokenRegistration registration =
            terminal.Cancellation.Register(() => stopped.TrySetResult());
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            stopped.TrySetResult();
        });
        await stopped.Task;
        terminal.Messages.WriteLine("stopped");
    }
}
