using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using Hypercompress.Settings;

namespace Hypercompress.Cli.Parsing;

/// <summary>Says in sentences what is wrong with a command line.</summary>
internal static class UsageFaults
{
    private const string NoArgument = "Required argument";
    private const string IsMissing = "is missing";

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
        string[] others =
            [.. parsed.Errors.Where(error => !IsUnmatched(error, parsed)).Select(error => Sentence(error, command))];
        string[] superfluous =
        [
            .. parsed.UnmatchedTokens.Where(text => !IsOption(text))
                .Select(text => $"'{text}' is one argument too many; put quotes around a name that contains spaces"),
        ];
        // The value of a misspelled option is not a fault of its own.
        bool isExplained = unknown.Length > 0 || others.Any(IsUnknownOption);
        string[] faults = [.. unknown.Concat(others).Concat(isExplained ? [] : superfluous).Distinct()];
        return [.. faults.Where(fault => !IsSpelledOtherwise(fault, faults))];
    }

    /// <summary>Says what is wrong where the value of an option, or an argument, looks like an option.</summary>
    /// <param name="owner">Name of the option or argument.</param>
    /// <param name="text">What was taken for its value.</param>
    /// <param name="command">The command with its options.</param>
    /// <returns>A sentence.</returns>
    public static string OptionAsValue(string owner, string text, Command command) =>
        IsOptionOf(text, command)
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
            : $"there is no option {name}; see {ProgramName.Command}{VerbOf(command)} --help";
    }

    /// <summary>Whether a word has the form of an option with a long name.</summary>
    /// <param name="text">The word.</param>
    /// <returns>True for two dashes with more behind them.</returns>
    public static bool LooksLikeOption(string text) =>
        text.Length > 2 && text.StartsWith("--", StringComparison.Ordinal);

    /// <summary>Whether a word is an option of a command.</summary>
    /// <param name="text">The word.</param>
    /// <param name="command">The command.</param>
    /// <returns>True for the name of an option or another name of it.</returns>
    public static bool IsOptionOf(string text, Command command) => OptionNames(command).Contains(text);

    /// <summary>The name of a command with a blank before it.</summary>
    /// <param name="command">The command.</param>
    /// <returns>The name; empty for the program itself.</returns>
    public static string VerbOf(Command command) => command is RootCommand ? string.Empty : $" {command.Name}";

    // The library has sentences of its own for what is missing, and for what is there twice.
    private static string Sentence(ParseError error, Command command)
    {
        Option? left =
            command.Options.FirstOrDefault(option => error.Message == $"Option '{option.Name}' is required.");
        if (left is not null)
        {
            return $"{left.Name} {IsMissing}: write {Usage(left)}";
        }

        if (error.SymbolResult is OptionResult { Option: var option } given)
        {
            bool isRepeated = given.IdentifierTokenCount > 1;
            return isRepeated && error.Message.Contains("expects a single", StringComparison.Ordinal)
                ? $"{option.Name} is given {given.IdentifierTokenCount} times; give it once"
                : given.Tokens.Count == 0 && error.Message.StartsWith(NoArgument, StringComparison.Ordinal)
                ? $"{option.Name} has no value: write {Usage(option)}"
                : error.Message;
        }

        return error.Message.StartsWith(NoArgument, StringComparison.Ordinal)
            && command.Arguments.FirstOrDefault(argument => argument.Arity.MinimumNumberOfValues > 0) is { } argument
            ? $"{argument.Name} {IsMissing}: write {ProgramName.Command}{VerbOf(command)} {argument.Name}"
            : error.Message;
    }

    private static string Usage(Option option)
    {
        string[] words = [.. option.GetCompletions(CompletionContext.Empty).Select(item => item.Label)];
        return $"{option.Name} {option.HelpName ?? (words.Length > 0 ? string.Join('|', words) : "VALUE")}";
    }

    // A required option that was misspelled is not missing.
    private static bool IsSpelledOtherwise(string fault, string[] faults) =>
        fault.Split($" {IsMissing}") is [var name, _]
        && faults.Any(other => other.EndsWith($"did you mean {name}?", StringComparison.Ordinal));

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
