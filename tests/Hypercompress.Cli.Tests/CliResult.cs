using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hypercompress.Cli.Tests;

/// <summary>What a command left: its exit code, what it printed as result, and what it said to people.</summary>
internal sealed record CliResult(int ExitCode, string Output, string Messages)
{
    /// <summary>The output as exactly one JSON object; whatever else stands there is an error.</summary>
    public JsonObject Json
    {
        get
        {
            Assert.True(ExitCode is 0 or 7, $"exit code {ExitCode}: {Messages}");
            return JsonNode.Parse(
                Output, documentOptions: new JsonDocumentOptions { AllowTrailingCommas = false })!.AsObject();
        }
    }

    /// <summary>Fails unless the command ended as expected and told people so without a trace of its insides.</summary>
    public CliResult Expect(ExitCode code, params string[] inMessages)
    {
        Assert.True((int)code == ExitCode, $"exit code {ExitCode} instead of {(int)code}\n{Messages}\n{Output}");
        foreach (string part in inMessages)
        {
            Assert.Contains(part, Messages, StringComparison.Ordinal);
        }

        if (code != Hypercompress.Cli.ExitCode.Done)
        {
            Assert.DoesNotContain("   at ", Messages, StringComparison.Ordinal);
            Assert.DoesNotContain("Exception", Messages, StringComparison.Ordinal);
        }

        return this;
    }
}
