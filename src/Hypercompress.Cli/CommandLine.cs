using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Hypercompress.Cli.Commands;
using Hypercompress.Cli.Commands.Comparing;
using Hypercompress.Cli.Commands.Diagnosis;
using Hypercompress.Cli.Commands.Serving;
using Hypercompress.Cli.Commands.Starting;
using Hypercompress.Cli.Completion;
using Hypercompress.Cli.Output;
using Hypercompress.Cli.Parsing;

namespace Hypercompress.Cli;

/// <summary>The program without its process: arguments in, exit code and text out, so that tests can run it.</summary>
public static class CommandLine
{
    // A prompt that begins with @ is text and not the name of a file of arguments.
    private static readonly ParserConfiguration Parser = new() { ResponseFileTokenReplacer = null };

    /// <summary>Runs one command.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="results">Where results go (standard output).</param>
    /// <param name="messages">Where everything meant for people goes (standard error).</param>
    /// <param name="cancellation">Stops the command, as Ctrl-C does.</param>
    /// <returns>The exit code of <see cref="ExitCode"/>.</returns>
    public static int Run(
        string[] args, TextWriter results, TextWriter messages, CancellationToken cancellation = default) =>
        Run(args, input: null, results, messages, cancellation);

    /// <summary>Runs one command.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="input">What is typed (standard input); null for that of the process.</param>
    /// <param name="results">Where results go (standard output).</param>
    /// <param name="messages">Where everything meant for people goes (standard error).</param>
    /// <param name="cancellation">Stops the command, as Ctrl-C does.</param>
    /// <returns>The exit code of <see cref="ExitCode"/>.</returns>
    internal static int Run(
        string[] args, TextReader? input, TextWriter results, TextWriter messages, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(args);
        (CultureInfo culture, CultureInfo language) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        try
        {
            Terminal? terminal = null;
            using var interruption = new Interruption(() => EndAtOnce(terminal!), cancellation);
            terminal = new Terminal(results, messages, interruption.Token, input, interruption.Divert);
            return Run(args, terminal);
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, language);
        }
    }

    /// <summary>All commands with their options.</summary>
    /// <param name="terminal">Where they write.</param>
    /// <returns>The root of the tree.</returns>
    internal static RootCommand Tree(Terminal terminal)
    {
        var root = new RootCommand(
            "Compresses a language model to the number of bytes you give, and measures what that costs.")
        {
            ModelAccess.AddTo(CompressCommand.Create(terminal)),
            ModelAccess.AddTo(PlanCommand.Create(terminal)),
            ModelAccess.AddTo(SweepCommand.Create(terminal)),
            ModelAccess.AddTo(EvaluateCommand.Create(terminal)),
            ModelAccess.AddTo(GenerateCommand.Create(terminal)),
            ModelAccess.AddTo(ChatCommand.Create(terminal)),
            ModelAccess.AddTo(ServeCommand.Create(terminal)),
            ModelAccess.AddTo(CompareCommand.Create(terminal)),
            ModelAccess.AddTo(BenchCommand.Create(terminal)),
            ModelAccess.AddPlacesTo(TokenizeCommand.Create(terminal)),
            ModelAccess.AddTo(LogitsCommand.Create(terminal)),
            ModelAccess.AddWithoutCheckTo(InspectCommand.Create(terminal)),
            ModelAccess.AddPlacesTo(VerifyCommand.Create(terminal)),
            ModelAccess.AddPlacesTo(ReportCommand.Create(terminal)),
            ModelAccess.AddTo(ExportCommand.Create(terminal)),
            ModelAccess.AddWithoutCheckTo(ImportCommand.Create(terminal)),
            CleanCommand.Create(terminal),
            InitCommand.Create(terminal),
            DoctorCommand.Create(terminal),
            CompletionCommand.Create(terminal),
        };
        StrictValues.ApplyTo(root);
        HelpPage.AddTo(root);
        return root;
    }

    /// <summary>Reads a command line without running it.</summary>
    /// <param name="root">All commands.</param>
    /// <param name="args">The arguments.</param>
    /// <returns>The command with its values and faults.</returns>
    internal static ParseResult Parse(RootCommand root, IReadOnlyList<string> args) => root.Parse(args, Parser);

    private static int Run(string[] args, Terminal terminal)
    {
        ParseResult parsed = Parse(Tree(terminal), args);
        ImmutableArray<string> faults = UsageFaults.Of(parsed);
        if (!faults.IsEmpty)
        {
            return ReportUsage(parsed, faults, JointRun.WriterOfFaults(terminal.Messages));
        }

        // Help is what somebody needs who types the name alone.
        ParseResult asked = args.Length == 0 ? Parse(Tree(terminal), ["--help"]) : parsed;
        try
        {
            return asked.Invoke(new InvocationConfiguration
            {
                Output = terminal.Results,
                Error = terminal.Messages,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (Exception e)
        {
            // Not before: the run decides what it leaves behind while the exception passes through it.
            Failure failure = Failure.Explain(e, terminal.StopNotice?.Invoke());
            terminal.Messages.WriteLine($"error: {failure.Message}");
            return failure.ExitCode;
        }
    }

    // A command that keeps its work may end anywhere; others come to their end by themselves.
    private static void EndAtOnce(Terminal terminal)
    {
        if (terminal.StopNotice is null)
        {
            return;
        }

        terminal.Messages.WriteLine($"error: {Failure.Stopped(terminal.StopNotice()).Message}");
        terminal.Messages.Flush();
        ProcessEnd.Now(ExitCode.Stopped);
    }

    private static int ReportUsage(ParseResult parsed, ImmutableArray<string> faults, TextWriter messages)
    {
        foreach (string fault in faults)
        {
            messages.WriteLine($"error: {fault}");
        }

        string help = $"{ProgramName.Command}{UsageFaults.VerbOf(parsed.CommandResult.Command)} --help";
        if (!faults.Any(fault => fault.Contains(help, StringComparison.Ordinal)))
        {
            messages.WriteLine($"try: {help}");
        }

        return (int)ExitCode.Usage;
    }
}
