using System.CommandLine;
using Hypercompress.Cli.Parsing;
using Hypercompress.Models.Errors;

namespace Hypercompress.Cli.Options;

/// <summary>The option <c>--engine</c>.</summary>
internal static class EngineOption
{
    /// <summary>Creates it.</summary>
    /// <param name="standard">What holds when it is not given.</param>
    /// <returns>The option.</returns>
    public static Option<string> Create(Engine standard)
    {
        var option = new Option<string>("--engine")
        {
            Description = "What computes: integer (stored codes are multiplied as they are) or float (libtorch, "
                + "float32)",
            DefaultValueFactory = _ => NameOf(standard),
        };
        Choice.Among(option, [.. Enum.GetValues<Engine>().Select(NameOf)]);
        return option;
    }

    /// <summary>Reads it.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <param name="option">The option.</param>
    /// <returns>What is to compute.</returns>
    public static Engine Read(ParseResult parsed, Option<string> option) =>
        Enum.Parse<Engine>(parsed.GetValue(option)!, ignoreCase: true);

    /// <summary>Refuses an option that libtorch has no part in.</summary>
    /// <param name="engine">What is to compute.</param>
    /// <param name="options">The options that are given; null for none.</param>
    /// <exception cref="ConfigurationException">They are given, and libtorch computes.</exception>
    public static void RequireInteger(Engine engine, string? options)
    {
        if (engine == Engine.Float && options is not null)
        {
            throw new ConfigurationException(
                $"{options}: only the integer engine has this; give --engine integer, or leave the option out");
        }
    }

    private static string NameOf(Engine engine) => engine.ToString().ToLowerInvariant();
}
