using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Hypercompress.Cli.Options;
using Hypercompress.Cli.Output;
using Hypercompress.Cli.Parsing;
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
            server.Validate();
            EngineChoice choice = options.Engine.Read(parsed);
            using RunningModel running = RunningModel.Open(
                parsed.GetValue(options.Model), ModelAccess.Of(parsed, terminal), choice);
            TellMemory(terminal, running, server);
            ServeAsync(
                terminal,
                parsed.GetValue(options.Json),
                new ModelTextEngine(running.Generator()),
                server).GetAwaiter().GetResult();
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static void TellMemory(Terminal terminal, RunningModel running, ServerOptions server)
    {
        if (running.CacheBytesPerToken is { } bytes)
        {
            double most = (double)bytes * running.CacheTokens / 1e6;
            terminal.Messages.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"up to {server.Parallel} requests decode together; keys and values take {bytes / 1e3:F1} kB a token, "
                + $"at most {most:F0} MB a request"));
        }
    }

    private static async Task ServeAsync(Terminal terminal, bool json, ITextEngine engine, ServerOptions options)
    {
        await using ModelServer server = await ModelServer.StartAsync(
            engine,
            options,
            TimeProvider.System,
            problem => terminal.Messages.WriteLine($"error: {Failure.Explain(problem).Message}"),
            terminal.Cancellation);
        if (json)
        {
            terminal.WriteJson(new JsonObject
            {
                ["url"] = server.Address.ToString(),
                ["model"] = engine.Name,
                ["parallel"] = options.Parallel,
            });
        }

        terminal.Messages.WriteLine($"{engine.Name} is served at {server.Address} (API at {server.Address}v1)");
        if (!options.IsLocal && options.Key is null)
        {
            terminal.Messages.WriteLine(
                "note: everybody who reaches this address can use the model; --key-file asks for a key");
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
