using System.Collections.Immutable;
using System.CommandLine;
using Hypercompress.Cli.Output;
using Hypercompress.Cli.Parsing;

namespace Hypercompress.Cli.Completion;

/// <summary><c>completion</c>: the script by which a shell completes commands and options.</summary>
internal static class CompletionCommand
{
    private static readonly ImmutableSortedDictionary<string, Func<ImmutableArray<CompletedCommand>, string>> Shells =
        ImmutableSortedDictionary.CreateRange(
            StringComparer.Ordinal,
            new Dictionary<string, Func<ImmutableArray<CompletedCommand>, string>>
            {
                ["bash"] = BashCompletion.Write,
                ["fish"] = FishCompletion.Write,
                ["powershell"] = PowerShellCompletion.Write,
                ["zsh"] = ZshCompletion.Write,
            });

    /// <summary>Creates the verb.</summary>
    /// <param name="terminal">Where it writes.</param>
    /// <returns>The verb.</returns>
    public static Command Create(Terminal terminal)
    {
        Argument<string> shell = new("SHELL")
        {
            Description = "bash, fish, powershell or zsh",
        };
        Choice.Among(shell, [.. Shells.Keys]);
        var command = new Verb(
            "completion",
            "Prints a script with which a shell completes commands and options",
            "completion bash > ~/.local/share/bash-completion/completions/hypercompress",
            "completion fish > ~/.config/fish/completions/hypercompress.fish",
            "completion powershell >> $PROFILE",
            "completion zsh > _hypercompress")
        {
            shell,
        };
        command.SetAction(parsed =>
        {
            var root = (RootCommand)parsed.RootCommandResult.Command;
            terminal.Results.Write(Shells[parsed.GetValue(shell)!](CompletedCommand.AllOf(root)));
            return (int)ExitCode.Done;
        });
        return command;
    }
}
