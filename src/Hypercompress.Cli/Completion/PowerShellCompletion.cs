using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Hypercompress.Cli.Completion;

/// <summary>Completion for PowerShell.</summary>
internal static class PowerShellCompletion
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    private const string End = """
            }
            $words = @($commandAst.CommandElements | ForEach-Object { "$_" })
            $typed = if ($wordToComplete) { @($words | Select-Object -SkipLast 1) } else { $words }
            $verb = @($typed | Select-Object -Skip 1 | Where-Object { $_ -notlike '-*' })[0]
            $known = if ($verb) { $commands[$verb] } else { $commands[''] }
            if (-not $known) { return }
            $values = if ($typed.Count) { $known.Values["$($typed[-1])"] }
            $offered = if ($values) { $values }
                elseif ($wordToComplete -like '-*') { $known.Options }
                else { $known.Words }
            $offered | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }

        """;

    /// <summary>Writes the script.</summary>
    /// <param name="commands">All commands.</param>
    /// <returns>What PowerShell invokes.</returns>
    public static string Write(ImmutableArray<CompletedCommand> commands)
    {
        var text = new StringBuilder("""
            # Completion for PowerShell: hypercompress completion powershell | Out-String | Invoke-Expression
            Register-ArgumentCompleter -Native -CommandName hypercompress -ScriptBlock {
                param($wordToComplete, $commandAst, $cursorPosition)
                $commands = @{

            """);
        Write(text, string.Empty, ["--help", "--version"], commands.Select(command => command.Name), []);
        foreach (CompletedCommand command in commands)
        {
            Write(
                text,
                command.Name,
                command.Options.SelectMany(option => option.Names),
                command.Words,
                command.Options.Where(option => !option.Values.IsEmpty));
        }

        return text.Append(End).ToString();
    }

    private static void Write(
        StringBuilder text,
        string name,
        IEnumerable<string> options,
        IEnumerable<string> words,
        IEnumerable<CompletedOption> valued)
    {
        IEnumerable<string> values = valued.SelectMany(
            option => option.Names.Select(each => $"'{each}' = {List(option.Values)}"));
        text.Append(Culture, $"        '{name}' = @{{ Options = {List(options)}; Words = {List(words)}; ")
            .Append(Culture, $"Values = @{{ {string.Join("; ", values)} }} }}\n");
    }

    private static string List(IEnumerable<string> words) =>
        $"@({string.Join(", ", words.Select(word => $"'{word.Replace("'", "''", StringComparison.Ordinal)}'"))})";
}
