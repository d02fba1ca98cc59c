using System.CommandLine;

namespace Hypercompress.Cli.Options;

/// <summary>The argument MODEL that most verbs take.</summary>
internal static class ModelArgument
{
    private const string HubId =
        "Hub id (owner/name[@revision]) [default: the small model that is part of the program]";

    /// <summary>A model to run, which may be left out.</summary>
    /// <returns>The argument.</returns>
    public static Argument<string?> Optional() => Of($"Hugging Face folder, .gguf file, artifact, or {HubId}");

    /// <summary>A model to compress, which may be left out.</summary>
    /// <returns>The argument.</returns>
    public static Argument<string?> Teacher() => Of($"Hugging Face folder, .gguf file, or {HubId}");

    /// <summary>A model that must be named.</summary>
    /// <param name="description">The kinds of model that the command takes.</param>
    /// <returns>The argument.</returns>
    public static Argument<string> Required(string description) => new("MODEL") { Description = description };

    private static Argument<string?> Of(string description) => new("MODEL")
    {
        Description = description,
        Arity = ArgumentArity.ZeroOrOne,
    };
}
