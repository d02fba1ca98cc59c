using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Hypercompress.Cli.Completion;

/// <summary>Completion for zsh.</summary>
internal static class ZshCompletion
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    private const string End = """
            esac
        }
        if [[ ${funcstack[1]} == _hypercompress ]]; then
            _hypercompress "$@"
        else
            compdef _hypercompress hypercompress
        fi

        """;

    /// <summary>Writes the script.</summary>
    /// <param name="commands">All commands.</param>
    /// <returns>What zsh sources, or loads as a file <c>_hypercompress</c> of <c>fpath</c>.</returns>
    public static string Write(ImmutableArray<CompletedCommand> commands)
    {
        var text = new StringBuilder("""
            #compdef hypercompress
            # Completion for zsh: source <(hypercompress completion zsh)
            _hypercompress() {
                local -a commands
                commands=(

            """);
        foreach (CompletedCommand command in commands)
        {
            text.Append(Culture, $"        {Quoted($"{command.Name}:{command.Description}")}\n");
        }

        text.Append("""
                )
                if (( CURRENT == 2 )); then
                    _describe command commands
                    return
                fi
                case ${words[2]} in

            """);
        foreach (CompletedCommand command in commands)
        {
            string rest = command.Words.IsEmpty ? "*:file:_files" : $"*:value:({string.Join(' ', command.Words)})";
            text.Append(Culture, $"        {command.Name}) shift words; (( CURRENT-- )); _arguments")
                .AppendJoin(
                    string.Empty,
                    command.Options.SelectMany(Specifications).Append(rest).Select(part => $" {Quoted(part)}"))
                .Append(" ;;\n");
        }

        return text.Append(End).ToString();
    }

    private static IEnumerable<string> Specifications(CompletedOption option)
    {
        string description = option.Description.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("[", "\\[", StringComparison.Ordinal).Replace("]", "\\]", StringComparison.Ordinal)
            .Replace(":", "\\:", StringComparison.Ordinal);
        string value = !option.TakesValue ? string.Empty
            : option.Values.IsEmpty ? ":value:_files"
            : $":value:({string.Join(' ', option.Values)})";
        return option.Names.Select(name => $"*{name}[{description}]{value}");
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
