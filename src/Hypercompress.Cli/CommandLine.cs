using System.CommandLine;
using Hypercompress.Cli.Commands;
using Hypercompress.Cli.Output;

namespace Hypercompress.Cli;

/// <summary>The program without its process: arguments in, exit code and text out, so that tests can run it.</summary>
public static class CommandLine
{
    /// <summary>Runs one command.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="results">Where results go (standard output).</param>
    /// <param name="messages">Where everything meant for people goes (standard error).</param>
    /// <param name="cancellation">Stops the command, as Ctrl-C does.</param>
    /// <returns>The exit code of <see cref="ExitCode"/>.</returns>
    public static int Run(
        string[] args, TextWriter results, TextWriter messages, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(args);
        using var interruption = new Interruption(cancellation);
        var terminal = new Terminal(results, messages, interruption.Token);
        RootCommand root = Build(terminal);
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            return ReportUsage(parsed, messages);
        }

        var configuration = new InvocationConfiguration
        {
            Output = results,
            Error = messages,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        try
        {
            return parsed.Invoke(configuration);
        }
        catch (Exception e) when (Failure.Explain(e) is { } failure)
        {
            messages.WriteLine($"error: {failure.Message}");
            return failure.ExitCode;
        }
    }

    private static RootCommand Build(Terminal terminal) =>
        new("Makes language models small: the best model that fits in the bytes you have, with proof of what it cost.")
        {
            HubAccess.AddTo(CompressCommand.Create(terminal)),
            HubAccess.AddTo(PlanCommand.Create(terminal)),
            HubAccess.AddTo(SweepCommand.Create(terminal)),
            HubAccess.AddTo(EvaluateCommand.Create(terminal)),
            HubAccess.AddTo(GenerateCommand.Create(terminal)),
            HubAccess.AddTo(TokenizeCommand.Create(terminal)),
            HubAccess.AddTo(LogitsCommand.Create(terminal)),
            HubAccess.AddTo(InspectCommand.Create(terminal)),
            HubAccess.AddTo(VerifyCommand.Create(terminal)),
            HubAccess.AddTo(ExportCommand.Create(terminal)),
            HubAccess.AddTo(ImportCommand.Create(terminal)),
            InitCommand.Create(terminal),
        };

    private static int ReportUsage(ParseResult parsed, TextWriter messages)
    {
        foreach (var error in parsed.Errors)
        {
            messages.WriteLine($"error: {error.Message}");
        }

        string verb = parsed.CommandResult.Command is RootCommand ? "" : $" {parsed.CommandResult.Command.Name}";
        messages.WriteLine($"try: hypercompress{verb} --help");
        return (int)ExitCode.Usage;
    }
}
