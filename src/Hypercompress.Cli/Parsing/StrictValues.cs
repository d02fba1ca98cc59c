using System.CommandLine;
using System.CommandLine.Parsing;

namespace Hypercompress.Cli.Parsing;

/// <summary>
/// The rules that the values of all options and arguments obey: numbers read the same in every culture, paths and names
/// are not empty, and a misspelled option is not taken for a value.
/// </summary>
internal static class StrictValues
{
    // A prompt is free text: it may be empty, and it may begin with a dash.
    private const string FreeText = "--prompt";

    /// <summary>Applies the rules to a command and all its subcommands.</summary>
    /// <param name="command">The command; its options and arguments are complete.</param>
    public static void ApplyTo(Command command)
    {
        foreach (Option option in command.Options)
        {
            Restrict(option, command);
        }

        foreach (Argument argument in command.Arguments.Where(
            argument => argument.ValueType == typeof(string) || argument.ValueType == typeof(string[])))
        {
            argument.Validators.Add(result => CheckArgument(result, argument.Name, command));
        }

        foreach (Command subcommand in command.Subcommands)
        {
            ApplyTo(subcommand);
        }
    }

    /// <summary>The name of the option or argument that a result belongs to.</summary>
    /// <param name="result">What was typed.</param>
    /// <returns>The name as it is typed, such as <c>--ratio</c>.</returns>
    public static string NameOf(ArgumentResult result) => result.Parent is OptionResult option
        ? option.IdentifierToken?.Value ?? option.Option.Name
        : result.Argument.Name;

    private static void Restrict(Option option, Command command)
    {
        switch (option)
        {
            case Option<int> whole:
                whole.CustomParser = result => NumberText.Read<int>(result, NumberText.Whole, command) ?? 0;
                break;
            case Option<int?> whole:
                whole.CustomParser = result => NumberText.Read<int>(result, NumberText.Whole, command);
                break;
            case Option<long> whole:
                whole.CustomParser = result => NumberText.Read<long>(result, NumberText.Whole, command) ?? 0;
                break;
            case Option<ulong> whole:
                whole.CustomParser = result => NumberText.Read<ulong>(result, NumberText.Whole, command) ?? 0;
                break;
            case Option<double> real:
                real.CustomParser = result => NumberText.Read<double>(result, NumberText.Real, command) ?? 0;
                break;
            case Option<double?> real:
                real.CustomParser = result => NumberText.Read<double>(result, NumberText.Real, command);
                break;
            case Option<string> or Option<string[]> when option.Name != FreeText:
                option.Validators.Add(result => CheckText(result, result.Tokens, option.Name, command));
                break;
        }
    }

    // One dash is enough where an option could stand as well: ./-x names a file.
    private static void CheckArgument(ArgumentResult result, string name, Command command)
    {
        foreach (string text in result.Tokens.Select(token => token.Value))
        {
            if (text is ['-', not '-', ..])
            {
                result.AddError(UsageFaults.OptionAsValue(name, text, command));
            }
        }

        CheckText(result, result.Tokens, name, command);
    }

    private static void CheckText(SymbolResult result, IReadOnlyList<Token> tokens, string name, Command command)
    {
        foreach (string text in tokens.Select(token => token.Value))
        {
            if (string.IsNullOrWhiteSpace(text))
            {
                result.AddError($"{name} is empty: give a value, or leave it out");
            }
            else if (UsageFaults.LooksLikeOption(text))
            {
                result.AddError(UsageFaults.OptionAsValue(name, text, command));
            }
        }
    }
}
