using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Completions;

namespace Hypercompress.Cli.Completion;

/// <summary>A command as shells complete it.</summary>
/// <param name="Name">The word that is typed.</param>
/// <param name="Description">What it does, in one line.</param>
/// <param name="Options">Its options, in the order of the help.</param>
/// <param name="Words">The words that may follow; empty when any may follow, a file for instance.</param>
internal sealed record CompletedCommand(
    string Name, string Description, ImmutableArray<CompletedOption> Options, ImmutableArray<string> Words)
{
    /// <summary>Describes all commands.</summary>
    /// <param name="root">The root of the tree.</param>
    /// <returns>The commands, in the order of the help.</returns>
    public static ImmutableArray<CompletedCommand> AllOf(RootCommand root) =>
        [.. root.Subcommands.Where(command => !command.Hidden).Select(command => Of(command, root))];

    private static CompletedCommand Of(Command command, RootCommand root) => new(
        command.Name,
        command.Description ?? string.Empty,
        [.. command.Options.Concat(root.Options.Where(option => option.Recursive))
            .Where(option => !option.Hidden).Select(Of)],
        [.. command.Arguments.SelectMany(argument => Labels(argument.GetCompletions(CompletionContext.Empty)))]);

    private static CompletedOption Of(Option option)
    {
        bool takesValue = option.Arity.MaximumNumberOfValues > 0 && option.ValueType != typeof(bool);
        return new CompletedOption(
            [.. option.Aliases.Prepend(option.Name).Distinct().Where(
                name => name.StartsWith('-') && !name.EndsWith('?'))],
            option.Description ?? string.Empty,
            takesValue,
            takesValue ? ValuesOf(option) : []);
    }

    // Values that the configuration checks are named by the help alone: cpu|cuda.
    private static ImmutableArray<string> ValuesOf(Option option)
    {
        ImmutableArray<string> known = [.. Labels(option.GetCompletions(CompletionContext.Empty))];
        return known.IsEmpty && option.HelpName?.Contains('|', StringComparison.Ordinal) == true
            ? [.. option.HelpName.Split('|')]
            : known;
    }

    private static IEnumerable<string> Labels(IEnumerable<CompletionItem> items) => items.Select(item => item.Label);
}
