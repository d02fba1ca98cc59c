using System.Text.Json.Nodes;

namespace Hypercompress.Cli.Tests.Commands;

public sealed class VerifyCommandTests(Workspace workspace) : IClassFixture<Workspace>
{
    [Fact]
    public void Verify_OfWhatWasWritten_IsOk()
    {
        JsonObject document = Workspace.Run("verify", workspace.Artifact, "--json").Expect(ExitCode.Done).Json;

        Assert.True((bool)document["ok"]!);
        string[] names = [.. document["checks"]!.AsArray().Select(check => (string)check!["name"]!)];
        Assert.All(
            ["manifest", "model.safetensors", "tensors load", "weight bytes", "probe logits"], name =>
            Assert.Contains(name, names));
        Assert.All(document["checks"]!.AsArray(), check => Assert.True((bool)check!["ok"]!));
    }

    [Fact]
    public void Verify_OfAChangedFile_FailsWithTheFilesName()
    {
        string folder = workspace.Copy(workspace.Artifact, "changed");
        string file = Path.Combine(folder, "model.safetensors");
        byte[] content = File.ReadAllBytes(file);
        content[^1] ^= 1;
        File.WriteAllBytes(file, content);

        CliResult json = Workspace.Run("verify", folder, "--json").Expect(ExitCode.Verification);
        CliResult people = Workspace.Run("verify", folder).Expect(ExitCode.Verification, "verification failed");

        Assert.False((bool)json.Json["ok"]!);
        Assert.Contains("FAIL model.safetensors", people.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_OfAnythingElse_SaysSo()
    {
        Workspace.Run("verify", workspace.Of("nowhere")).Expect(ExitCode.Input, "nowhere: does not exist");
        Workspace.Run("verify", workspace.Calibration).Expect(ExitCode.Input, "is a file and not an artifact");
        Workspace.Run("verify", workspace.Model).Expect(ExitCode.Input, "is not an artifact; give a folder");
    }
}
