using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using Hypercompress.Artifacts;
using Hypercompress.Branches.Registry;
using Hypercompress.Cli.Options;
using Hypercompress.Cli.Output;
using Hypercompress.Cli.Parsing;
using Hypercompress.Models.Errors;

namespace Hypercompress.Cli.Commands;

/// <summary><c>verify</c>: checks that an artifact is what was written.</summary>
internal static class VerifyCommand
{
    /// <summary>Creates the verb.</summary>
    /// <param name="terminal">Where it writes.</param>
    /// <returns>The verb.</returns>
    public static Command Create(Terminal terminal)
    {
        Argument<string> artifact = ModelArgument.Required("Folder of the artifact");
        Option<bool> json = JsonOption.Create();
        var command = new Verb(
            "verify",
            "Checks that an artifact is complete and unchanged: hashes, shapes, bytes against the plan, logits",
            "verify small")
        {
            artifact, json,
        };
        command.SetAction(parsed =>
        {
            string folder = ModelAccess.Of(parsed, terminal).Locate(parsed.GetValue(artifact)!);
            if (!Artifact.IsArtifact(folder))
            {
                throw new CheckpointException(folder, Artifact.FaultOf(folder));
            }

            var verifier = new ArtifactVerifier(new BranchRegistry().CreateCatalog());
            ImmutableArray<VerificationCheck> checks = verifier.Verify(folder);
            bool ok = checks.All(check => check.Ok);
            Print(terminal, parsed.GetValue(json), ok, checks);
            return (int)(ok ? ExitCode.Done : ExitCode.Verification);
        });
        return command;
    }

    private static void Print(Terminal terminal, bool json, bool ok, ImmutableArray<VerificationCheck> checks)
    {
        if (json)
        {
            terminal.WriteJson(new JsonObject
            {
                ["ok"] = ok,
                ["checks"] = new JsonArray([.. checks.Select(ToJson)]),
            });
            return;
        }

        foreach (VerificationCheck check in checks)
        {
            terminal.Results.WriteLine($"{(check.Ok ? "ok  " : "FAIL")} {check.Name}: {check.Detail}");
        }

        terminal.Messages.WriteLine(ok
            ? "verified: weights, configuration, tokenizer and plan are as they were written"
            : "verification failed");
    }

    private static JsonNode ToJson(VerificationCheck check) => new JsonObject
    {
        ["name"] = check.Name,
        ["ok"] = check.Ok,
        ["detail"] = check.Detail,
    };
}
