using System.Text.Json.Nodes;
using System.Text.Json;

namespace Hypercompress.Cli.Output;

/// <summary>Where a command writes: results for programs, messages for people.</summary>
/// <param name="Results">Standard output.</param>
/// <param name="Messages">Standard error.</param>
/// <param name="Cancellation">Ctrl-C.</param>
internal sealed record Terminal(TextWriter Results, TextWriter Messages, CancellationToken Cancellation)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Whether progress may be drawn: standard error is a terminal that wants colours.</summary>
    public bool IsInteractive =>
        ReferenceEquals(Messages, Console.Error) && !Console.IsErrorRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>Prints the one document of <c>--json</c>.</summary>
    /// <param name="document">The document.</param>
    public void WriteJson(JsonNode document) => Results.WriteLine(document.ToJsonString(Indented));
}
