using System.CommandLine;
using Hypercompress.Cli.Parsing;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Inference.Attention;
using Hypercompress.Models.Kernels.Matrices;

namespace Hypercompress.Cli.Options;

/// <summary>The options of all verbs that make text: what computes, on how many threads, in how much memory.</summary>
internal sealed class EngineFlags
{
    private readonly Option<string> _engine = EngineOption.Create(Engine.Integer);
    private readonly Option<int?> _threads = ThreadsOption.Create();

    private readonly Option<string> _memory = new("--memory")
    {
        Description = "fast, or small (matrices of layers in fewer bytes; scalar levels stay coded and are decoded "
            + "for every token)",
        DefaultValueFactory = _ => NameOf(MemoryUse.Fast),
    };

    private readonly Option<string> _cache = CacheOption.Create();

    private readonly Option<int?> _cacheTokens = new("--cache-tokens")
    {
        Description = "Tokens that are kept: the first four and the latest; a text may then exceed the model's context "
            + "[default: all]",
        HelpName = "N",
    };

    /// <summary>Creates the options.</summary>
    public EngineFlags() => Choice.Among(_memory, [.. Enum.GetValues<MemoryUse>().Select(NameOf)]);

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All => [_engine, _memory, _cache, _cacheTokens, _threads];

    /// <summary>Reads them.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <returns>How to run the model.</returns>
    /// <exception cref="ConfigurationException">A number is out of range, or libtorch cannot do so.</exception>
    public EngineChoice Read(ParseResult parsed)
    {
        int threads = ThreadsOption.Read(parsed.GetValue(_threads));
        Engine engine = EngineOption.Read(parsed, _engine);
        int? tokens = parsed.GetValue(_cacheTokens);
        if (tokens is { } kept)
        {
            OptionRange.AtLeast(_cacheTokens.Name, kept, CacheOptions.FewestTokens);
        }

        var choice = new EngineChoice(
            engine,
            threads,
            Enum.Parse<MemoryUse>(parsed.GetValue(_memory)!, ignoreCase: true),
            new CacheOptions
            {
                Format = CacheOption.Read(parsed, _cache),
                Tokens = tokens,
            });
        EngineOption.RequireInteger(
            engine,
            choice.Memory != MemoryUse.Fast ? _memory.Name
                : choice.Cache.Format != new CacheOptions().Format ? _cache.Name
                : tokens is null ? null : _cacheTokens.Name);
        return choice;
    }

    private static string NameOf(MemoryUse memory) => memory.ToString().ToLowerInvariant();
}
