using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using Hypercompress.Settings;

namespace Hypercompress.Cli.Parsing;

/// <summary>Says in sentences what is wrong with a command line.</summary>
internal static class UsageFaults
{
    /// <summary>All faults, each once.</summary>
    /// <param name="parsed">A command line.</param>
    /// <returns>One sentence for each fault; none when the command can run.</returns>
    public static ImmutableArray<string> Of(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        if (command is RootCommand)
        {
            return parsed.UnmatchedTokens is [var word, ..] ? [UnknownWord(word, command)] : [];
        }

        string[] unknown = [.. parsed.UnmatchedTokens.Where(IsOption).Select(text => UnknownOption(text, command))];
        string[] others = [.. parsed.Errors.Where(error => !IsUnmatched(error, parsed)).Select(error => error.Message)];
        string[] superfluous =
        [
            .. parsed.UnmatchedTokens.Where(text => !IsOption(text))
                .Select(text => $"'{text}' is one argument too many; put quotes around a name that contains spaces"),
        ];
        // The value of a misspelled option is not a fault of its own.
        bool isExplained = unknown.Length > 0 || others.Any(IsUnknownOption);
        return [.. unknown.Concat(others).Concat(isExplained ? [] : superfluous).Distinct()];
    }

    /// <summary>Says what is wrong where the value of an option, or an argument, looks like an option.</summary>
    /// <param name="owner">Name of the option or argument.</param>
    /// <param name="text">What was taken for its value.</param>
    /// <param name="command">The command with its options.</param>
    /// <returns>A sentence.</returns>
    public static string OptionAsValue(string owner, string text, Command command) =>
        OptionNames(command).Contains(text)
            ? $"{owner} has no value: {text}, which follows, is an option of its own"
            : UnknownOption(text, command);

    /// <summary>Says that an option does not exist, and which one was probably meant.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="command">The command with its options.</param>
    /// <returns>A sentence.</returns>
    public static string UnknownOption(string text, Command command)
    {
        string name = text.Split('=', ':')[0];
        return KeySuggestions.Nearest(name, OptionNames(command)) is { } nearest
            ? $"there is no option {name}; did you mean {nearest}?"
            : $"there is no option {name}; if it is the name of a file or model, write ./{name}";
    }

    private static IEnumerable<string> OptionNames(Command command) =>
        command.Options.SelectMany(option => option.Aliases.Prepend(option.Name));

    private static string UnknownWord(string word, Command root)
    {
        if (IsOption(word))
        {
            return UnknownOption(word, root);
        }

        return KeySuggestions.Nearest(word, root.Subcommands.Select(command => command.Name)) is { } nearest
            ? $"there is no command {word}; did you mean {nearest}?"
            : $"there is no command {word}";
    }

    private static bool IsOption(string text) => text.Length > 1 && text[0] == '-';

    private static bool IsUnknownOption(string message) =>
        message.StartsWith("there is no option", StringComparison.Ordinal);

    private static bool IsUnmatched(ParseError error, ParseResult parsed) => error.SymbolResult is CommandResult
        && parsed.UnmatchedTokens.Any(text => error.Message.Contains($"'{text}'", StringComparison.Ordinal));
}
