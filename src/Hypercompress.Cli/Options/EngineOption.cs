using System.CommandLine;
using Hypercompress.Cli.Output;
using Hypercompress.Models.Inference;
using Hypercompress.Models.Transformer;

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
            Description = "What computes: integer (stored codes are multiplied as they are), float (libtorch, "
                + "float32), or auto (integer, but float for a cache of latents)",
            DefaultValueFactory = _ => NameOf(standard),
        };
        option.AcceptOnlyFromAmong([.. Enum.GetValues<Engine>().Select(NameOf)]);
        return option;
    }

    /// <summary>Reads it.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <param name="option">The option.</param>
    /// <returns>What is to compute.</returns>
    public static Engine Read(ParseResult parsed, Option<string> option) =>
        Enum.Parse<Engine>(parsed.GetValue(option)!, ignoreCase: true);

    /// <summary>Whether weights are to be held as they are stored.</summary>
    /// <param name="engine">What was asked for.</param>
    public static bool Packs(Engine engine) => engine != Engine.Float;

    /// <summary>Starts the engine.</summary>
    /// <param name="engine">What was asked for.</param>
    /// <param name="model">The model.</param>
    /// <param name="threads">What <c>--threads</c> says, or null.</param>
    /// <param name="terminal">Is told when libtorch computes though nobody asked for it.</param>
    /// <returns>The engine, which the caller disposes; null for libtorch.</returns>
    public static IntegerDecoder? Start(Engine engine, DecoderModel model, int? threads, Terminal terminal)
    {
        if (engine == Engine.Auto && IntegerDecoder.Loss(model) is { } loss)
        {
            terminal.Messages.WriteLine($"note: {loss}: the float engine computes (--engine integer for the other)");
            return null;
        }

        return Packs(engine) ? new IntegerDecoder(model, threads ?? Environment.ProcessorCount) : null;
    }

    private static string NameOf(Engine engine) => engine.ToString().ToLowerInvariant();
}
