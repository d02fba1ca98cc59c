using System.Text.Json.Nodes;

namespace Hypercompress.Cli.Tests.Commands;

/// <summary>Damaged weights, and files that carry more than a model.</summary>
public sealed class HostileModelTests(Workspace workspace) : IClassFixture<Workspace>
{
    [Fact]
    public void ChangedByteOfTheWeights_IsFoundAtLoad()
    {
        string folder = workspace.Copy(workspace.Artifact, "changed-byte");
        string file = Path.Combine(folder, "model.safetensors");
        byte[] content = File.ReadAllBytes(file);
        content[^2] ^= 1;
        File.WriteAllBytes(file, content);
        string[] generate = ["generate", folder, "--prompt", "the", "--max-tokens", "2", "--threads", "1"];

        Workspace.Run(generate).Expect(ExitCode.Input, file, "tensor ", "--no-check");
        Workspace.Run("evaluate", folder, "--text", workspace.Validation, "--window", "64")
            .Expect(ExitCode.Input, file);
        Workspace.Run("export", folder, "--format", "pt", "--out", workspace.Of("changed.pt"))
            .Expect(ExitCode.Input, file);
        Workspace.Run([.. generate, "--no-check"]).Expect(ExitCode.Done);
    }

    [Fact]
    public void LogitsThatAreNotNumbers_AreANumericalFailure()
    {
        string model = TinyCheckpoint.Write(
            workspace.Of("nan-norm"),
            change: (name, weight) => name == "model.norm.weight" ? weight * float.NaN : weight);
        string ids = workspace.Write("ids.json", "[[1, 2, 3]]");
        string output = workspace.Of("nan.safetensors");

        Workspace.Run("logits", model, "--ids", ids, "--out", output).Expect(ExitCode.Numerical, model);
        Workspace.Run("generate", model, "--prompt", "the").Expect(ExitCode.Numerical);

        Assert.False(File.Exists(output));
    }

    [Fact]
    public void PromptThatBeginsWithAnAtSign_IsText()
    {
        string file = workspace.Write("response.txt", "--json");
        string[] generate = ["generate", workspace.Model, "--max-tokens", "2", "--threads", "1", "--prompt"];

        CliResult run = Workspace.Run([.. generate, $"@{file}"]).Expect(ExitCode.Done);

        Assert.False(run.Output.TrimStart().StartsWith('{'), run.Output);
        Workspace.Run([.. generate, "@"]).Expect(ExitCode.Done);
    }

    [Fact]
    public void EscapeSequencesInNamesOfTensors_DoNotReachTheTerminal()
    {
        string file = workspace.Of("escape.safetensors");
        byte[] header = System.Text.Encoding.UTF8.GetBytes(
            """{"a\u001b[2J\u0007b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""");
        byte[] length = new byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        File.WriteAllBytes(file, [.. length, .. header, 0]);

        CliResult people = Workspace.Run("inspect", file).Expect(ExitCode.Done);
        CliResult program = Workspace.Run("inspect", file, "--json").Expect(ExitCode.Done);

        Assert.DoesNotContain('\u001b', people.Output);
        Assert.Contains(@"a\x1b[2J\x07b", people.Output, StringComparison.Ordinal);
        Assert.Equal("a\u001b[2J\u0007b", (string?)program.Json["tensors"]![0]!["name"]);
    }

    [Fact]
    public void TemplateThatIsALinkToAnotherFile_IsNotCopied()
    {
        string model = workspace.Copy(workspace.Model, "linked");
        string secret = workspace.Write("secret.txt", "{{ 'private' }}");
        File.CreateSymbolicLink(Path.Combine(model, "chat_template.jinja"), secret);
        string output = workspace.Of("linked-out");

        Workspace.Run("export", model, "--format", "hf-dense", "--out", output)
            .Expect(ExitCode.Input, "chat_template.jinja", "link");

        Assert.False(Directory.Exists(output));
    }

    [Fact]
    public void TemplateThatIsALinkToATemplate_IsCopied()
    {
        string model = workspace.Copy(workspace.Model, "shared-template");
        Directory.CreateDirectory(workspace.Of("templates"));
        string template = workspace.Write(Path.Combine("templates", "chat_template.jinja"), "{{ 'public' }}");
        File.CreateSymbolicLink(Path.Combine(model, "chat_template.jinja"), template);
        string output = workspace.Of("shared-template-out");

        Workspace.Run("export", model, "--format", "hf-dense", "--out", output).Expect(ExitCode.Done);

        Assert.Equal("{{ 'public' }}", File.ReadAllText(Path.Combine(output, "chat_template.jinja")));
    }

    [Fact]
    public void Report_PrintsCardAndMeasurements()
    {
        CliResult card = Workspace.Run("report", workspace.Artifact).Expect(ExitCode.Done);
        JsonObject report = Workspace.Run("report", workspace.Artifact, "--json").Expect(ExitCode.Done).Json;

        Assert.Contains("## Quality", card.Output, StringComparison.Ordinal);
        Assert.NotNull(report["compression_ratio"]);
        Workspace.Run("report", workspace.Model).Expect(ExitCode.Input, "is not an artifact");
    }

    [Fact]
    public void EditedCardAndAddedFiles_AreListedByVerify()
    {
        string folder = workspace.Copy(workspace.Artifact, "published");
        File.AppendAllText(Path.Combine(folder, "README.md"), "\nMine.\n");
        File.WriteAllText(Path.Combine(folder, ".gitattributes"), "*.safetensors filter=lfs");

        CliResult run = Workspace.Run("verify", folder).Expect(ExitCode.Done, "verified");

        Assert.Contains("README.md: changed", run.Output, StringComparison.Ordinal);
        Assert.Contains(".gitattributes", run.Output, StringComparison.Ordinal);
    }
}
