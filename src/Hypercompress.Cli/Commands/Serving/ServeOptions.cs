using System.CommandLine;
using Hypercompress.Cli.Options;
using Hypercompress.Server;

namespace Hypercompress.Cli.Commands.Serving;

/// <summary>The options of <c>serve</c>.</summary>
internal sealed class ServeOptions
{
    private static readonly ServerOptions Defaults = new();

    private readonly Option<string> _host = new("--host")
    {
        Description = "Address to listen on; 127.0.0.1 is reached from this machine only, 0.0.0.0 from all networks",
        HelpName = "ADDRESS",
        DefaultValueFactory = _ => Defaults.Host,
    };

    private readonly Option<int> _port = new("--port")
    {
        Description = "Port to listen on; 0 takes a free one",
        HelpName = "N",
        DefaultValueFactory = _ => Defaults.Port,
    };

    private readonly Option<string?> _keyFile = new("--key-file")
    {
        Description = "File with the key that requests must carry (Authorization: Bearer KEY)",
        HelpName = "FILE",
    };

    private readonly Option<int> _parallel = new("--parallel")
    {
        Description = "Requests that are answered at the same time and decode together, 1 to 256",
        HelpName = "N",
        DefaultValueFactory = _ => Defaults.Parallel,
    };

    private readonly Option<int> _queue = new("--queue")
    {
        Description = "Requests that may wait; more are refused with status 429",
        HelpName = "N",
        DefaultValueFactory = _ => Defaults.Waiting,
    };

    /// <summary>The model.</summary>
    public Argument<string?> Model { get; } = ModelArgument.Optional();

    /// <summary>What computes, and how.</summary>
    public EngineFlags Engine { get; } = new();

    /// <summary>Whether the address is printed as JSON.</summary>
    public Option<bool> Json { get; } = JsonOption.Create();

    /// <summary>Adds all options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Arguments.Add(Model);
        foreach (Option option in (Option[])[_host, _port, _keyFile, _parallel, _queue, .. Engine.All, Json])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Reads where and how to serve.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <returns>The options of the server.</returns>
    public ServerOptions Read(ParseResult parsed) => new()
    {
        Host = parsed.GetValue(_host)!,
        Port = parsed.GetValue(_port),
        Key = parsed.GetValue(_keyFile) is { } file ? InputFile.ReadText(file).Trim() : null,
        Parallel = parsed.GetValue(_parallel),
        Waiting = parsed.GetValue(_queue),
    };
}
