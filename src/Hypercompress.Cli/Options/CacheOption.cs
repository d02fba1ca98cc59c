using System.CommandLine;
using Hypercompress.Cli.Parsing;
using Hypercompress.Models.Inference.Attention;

namespace Hypercompress.Cli.Options;

/// <summary>The option <c>--cache</c>.</summary>
internal static class CacheOption
{
    private const string Half = "f16";
    private const string Byte = "q8";

    /// <summary>Creates it.</summary>
    /// <returns>The option.</returns>
    public static Option<string> Create()
    {
        var option = new Option<string>("--cache")
        {
            Description = "Number format of cached keys and values: f16, or q8 (8 bits; the first four tokens in f16)",
            DefaultValueFactory = _ => Half,
        };
        Choice.Among(option, Half, Byte);
        return option;
    }

    /// <summary>Reads it.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <param name="option">The option.</param>
    /// <returns>How keys and values are kept.</returns>
    public static CacheFormat Read(ParseResult parsed, Option<string> option) =>
        parsed.GetValue(option) == Byte ? CacheFormat.Byte : CacheFormat.Half;
}
