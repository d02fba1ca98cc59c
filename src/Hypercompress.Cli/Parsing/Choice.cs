using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using Hypercompress.Settings;

namespace Hypercompress.Cli.Parsing;

/// <summary>Options and arguments that take one of a few words.</summary>
internal static class Choice
{
    /// <summary>Lets an option take certain words only.</summary>
    /// <param name="option">The option.</param>
    /// <param name="words">The words, in the order of the help.</param>
    public static void Among(Option<string> option, params ImmutableArray<string> words)
    {
        option.CompletionSources.Add([.. words]);
        option.Validators.Add(result => Check(result, result.Tokens, option.Name, words));
    }

    /// <summary>Lets an argument take certain words only.</summary>
    /// <param name="argument">The argument.</param>
    /// <param name="words">The words, in the order of the help.</param>
    public static void Among(Argument<string> argument, params ImmutableArray<string> words)
    {
        argument.CompletionSources.Add([.. words]);
        argument.Validators.Add(result => Check(result, result.Tokens, argument.Name, words));
    }

    /// <summary>Writes words as a choice.</summary>
    /// <param name="words">One word or more.</param>
    /// <returns>Such as <c>f32, f16 or bf16</c>.</returns>
    public static string Spell(ImmutableArray<string> words) =>
        words.Length == 1 ? words[0] : $"{string.Join(", ", words[..^1])} or {words[^1]}";

    private static void Check(
        SymbolResult result, IReadOnlyList<Token> tokens, string name, ImmutableArray<string> words)
    {
        foreach (string text in tokens.Select(token => token.Value))
        {
            // What is empty or looks like an option is refused by the rules of all values.
            if (!words.Contains(text) && !string.IsNullOrWhiteSpace(text) && !UsageFaults.LooksLikeOption(text))
            {
                string? near = KeySuggestions.Nearest(text, words);
                result.AddError($"{name} {text}: expected {Spell(words)}"
                    + (near is null ? string.Empty : $"; did you mean {near}?"));
            }
        }
    }
}
