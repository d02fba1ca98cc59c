using System.CommandLine;

namespace Hypercompress.Cli.Options;

/// <summary>The option <c>--json</c> of every verb.</summary>
internal static class JsonOption
{
    /// <summary>Creates it.</summary>
    /// <returns>The option.</returns>
    public static Option<bool> Create() => new("--json")
    {
        Description = "Print one JSON document to standard output and nothing else",
    };
}
