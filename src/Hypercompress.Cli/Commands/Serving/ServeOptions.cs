using System.CommandLine;
using Hypercompress.Cli.Options;
using Hypercompress.Models.Errors;
using Hypercompress.Server;

namespace Hypercompress.Cli.Commands.Serving;

/// <summary>The options of <c>serve</c>.</summary>
internal sealed class ServeOptions
{
    private const int LargestPort = 65_535;
    private const int MostParallel = 256;
    private const int MostWaiting = 100_000;

    private static readonly ServerOptions Defaults = new();

    private readonly Option<string> _host = new("--host")
    {
        Description = "Address to listen on; 127.0.0.1 is reached from this machine only, 0.0.0.0 from all networks",
        HelpName = "ADDRESS",
        DefaultValueFactory = _ => Defaults.Host,
    };

    private readonly Option<int> _port = new("--port")
    {
        Description = "Port to listen on, 0 to 65535; 0 takes a free one",
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
        Description = "Requests that may wait, 0 to 100000; more are refused with status 429",
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
    /// <returns>The options of the server, checked.</returns>
    /// <exception cref="ConfigurationException">One is out of range; the message names the option.</exception>
    public ServerOptions Read(ParseResult parsed)
    {
        int Read(Option<int> option, int least, int most) =>
            OptionRange.Within(option.Name, parsed.GetValue(option), least, most);
        var options = new ServerOptions
        {
            Host = parsed.GetValue(_host)!,
            Port = Read(_port, 0, LargestPort),
            Parallel = Read(_parallel, 1, MostParallel),
            Waiting = Read(_queue, 0, MostWaiting),
        };
        Require("--", options);
        if (parsed.GetValue(_keyFile) is { } file)
        {
            options = options with { Key = InputFile.ReadText(file).Trim() };
            Require($"{_keyFile.Name} {file}: ", options);
        }

        return options;
    }

    // What the server itself refuses then is what was read last; its messages begin with the name of a setting.
    private static void Require(string prefix, ServerOptions options)
    {
        try
        {
            options.Validate();
        }
        catch (ConfigurationException fault)
        {
            throw new ConfigurationException(prefix + fault.Message, fault);
        }
    }
}
