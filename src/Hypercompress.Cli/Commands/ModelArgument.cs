using System.CommandLine;

namespace Hypercompress.Cli.Commands;

/// <summary>The argument MODEL that most verbs take.</summary>
internal static class ModelArgument
{
    private const string Kinds = "a Hugging Face folder, a .gguf file, an artifact, a Hub id (owner/name[@revision])";

    /// <summary>A model that may be left out.</summary>
    /// <returns>The argument.</returns>
    public static Argument<string?> Optional() => WithoutOptions(new Argument<string?>("MODEL")
    {
        Description = $"{Kinds}, or nothing for the small model that ships inside",
        Arity = ArgumentArity.ZeroOrOne,
    });

    /// <summary>A model that must be named.</summary>
    /// <param name="description">What it has to be.</param>
    /// <returns>The argument.</returns>
    public static Argument<string> Required(string description) =>
        WithoutOptions(new Argument<string>("MODEL") { Description = description });

    // The parser takes an option that it does not know for the model.
    private static Argument<T> WithoutOptions<T>(Argument<T> argument)
    {
        argument.Validators.Add(result =>
        {
            foreach (string text in result.Tokens.Select(token => token.Value).Where(text => text.StartsWith('-')))
            {
                result.AddError($"there is no option {text}; a model whose name begins so is given as ./{text}");
            }
        });
        return argument;
    }
}
