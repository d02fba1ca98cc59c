using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Hypercompress.Cli.Completion;

/// <summary>Completion for fish.</summary>
internal static class FishCompletion
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>Writes the script.</summary>
    /// <param name="commands">All commands.</param>
    /// <returns>What fish sources.</returns>
    public static string Write(ImmutableArray<CompletedCommand> commands)
    {
        var text = new StringBuilder("# Completion for fish: hypercompress completion fish | source\n");
        foreach (CompletedCommand command in commands)
        {
            text.Append("complete -c hypercompress -n __fish_use_subcommand -f")
                .Append(Culture, $" -a {command.Name} -d {Quoted(command.Description)}\n");
            foreach (CompletedOption option in command.Options)
            {
                Write(text, command.Name, option);
            }

            if (!command.Words.IsEmpty)
            {
                text.Append(Culture, $"complete -c hypercompress -n '__fish_seen_subcommand_from {command.Name}'")
                    .Append(" -f")
                    .Append(Culture, $" -a {Quoted(string.Join(' ', command.Words))}\n");
            }
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, string command, CompletedOption option)
    {
        text.Append(Culture, $"complete -c hypercompress -n '__fish_seen_subcommand_from {command}'");
        foreach (string name in option.Names)
        {
            string word = name.TrimStart('-');
            text.Append(name.StartsWith("--", StringComparison.Ordinal) ? $" -l {word}"
                : word.Length == 1 ? $" -s {word}" : $" -o {word}");
        }

        if (option.TakesValue)
        {
            text.Append(option.Values.IsEmpty ? " -r" : $" -x -a {Quoted(string.Join(' ', option.Values))}");
        }

        text.Append(Culture, $" -d {Quoted(option.Description)}\n");
    }

    private static string Quoted(string text) =>
        $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
