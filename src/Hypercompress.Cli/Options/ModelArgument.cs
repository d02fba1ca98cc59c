using System.CommandLine;

namespace Hypercompress.Cli.Options;

/// <summary>The argument MODEL that most verbs take.</summary>
internal static class ModelArgument
{
    private const string Kinds = "Hugging Face folder, .gguf file, artifact, or Hub id (owner/name[@revision])";

    /// <summary>A model that may be left out.</summary>
    /// <returns>The argument.</returns>
    public static Argument<string?> Optional() => new("MODEL")
    {
        Description = $"{Kinds} [default: the small model that is part of the program]",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>A model that must be named.</summary>
    /// <param name="description">The kinds of model that the command takes.</param>
    /// <returns>The argument.</returns>
    public static Argument<string> Required(string description) => new("MODEL") { Description = description };
}
