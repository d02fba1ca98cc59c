using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Hypercompress.Cli.Completion;

/// <summary>Completion for bash 3.2 and later.</summary>
internal static class BashCompletion
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    private const string End = """
            esac
            case "$current" in
                -*) COMPREPLY=($(compgen -W "$options" -- "$current")) ;;
                *) [ -z "$words" ] || COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
            esac
        }
        complete -o default -F _hypercompress hypercompress

        """;

    /// <summary>Writes the script.</summary>
    /// <param name="commands">All commands.</param>
    /// <returns>What bash sources.</returns>
    public static string Write(ImmutableArray<CompletedCommand> commands)
    {
        var text = new StringBuilder("""
            # Completion for bash: source <(hypercompress completion bash)
            _hypercompress() {
                local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}"
                local verb="" options="" words="" i
                COMPREPLY=()
                for ((i = 1; i < COMP_CWORD; i++)); do
                    case "${COMP_WORDS[i]}" in
                        -*) ;;
                        *) verb="${COMP_WORDS[i]}"; break ;;
                    esac
                done
                case "$verb" in

            """);
        text.Append("        '')\n            options=\"--help --version\"\n            words=\"")
            .AppendJoin(' ', commands.Select(command => command.Name)).Append("\" ;;\n");
        foreach (CompletedCommand command in commands)
        {
            Write(text, command);
        }

        return text.Append(End).ToString();
    }

    private static void Write(StringBuilder text, CompletedCommand command)
    {
        text.Append(Culture, $"        {command.Name})\n            case \"$previous\" in\n");
        foreach (CompletedOption option in command.Options.Where(option => option.TakesValue))
        {
            string reply = option.Values.IsEmpty
                ? "return"
                : $"COMPREPLY=($(compgen -W \"{string.Join(' ', option.Values)}\" -- \"$current\")); return";
            text.Append(Culture, $"                {string.Join('|', option.Names)}) {reply} ;;\n");
        }

        text.Append("            esac\n            options=\"")
            .AppendJoin(' ', command.Options.SelectMany(option => option.Names)).Append("\"\n            words=\"")
            .AppendJoin(' ', command.Words).Append("\" ;;\n");
    }
}
