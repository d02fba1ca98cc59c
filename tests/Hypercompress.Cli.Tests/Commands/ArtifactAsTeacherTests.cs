using System.Text.Json.Nodes;

namespace Hypercompress.Cli.Tests.Commands;

/// <summary>Artifacts in the place of a model that is compressed.</summary>
public sealed class ArtifactAsTeacherTests(Workspace workspace) : IClassFixture<Workspace>
{
    [Theory]
    [InlineData("compress")]
    [InlineData("plan")]
    [InlineData("sweep")]
    public void AnArtifact_IsRefusedWithTheNameOfItsTeacher(string verb) => Workspace.Run(
        [.. workspace.Arguments(verb, workspace.Artifact)])
        .Expect(ExitCode.Usage, "is an artifact", "made from (tiny)", "--from-decoded");

    [Fact]
    public void FromDecoded_OfAModelThatIsNoArtifact_IsRefused() => Workspace.Run(
        [.. workspace.Arguments("plan", workspace.Model), "--from-decoded"])
        .Expect(ExitCode.Usage, "--from-decoded is for artifacts");

    [Fact]
    public void FromDecoded_CompressesTheDecodedWeights()
    {
        string output = workspace.Of("twice");

        JsonObject report = Workspace.Run(
            [
                .. workspace.Arguments("compress", workspace.Artifact), "--from-decoded", "--ratio", "3", "--no-train",
                "--probes", "off", "--out", output, "--json",
            ]).Expect(ExitCode.Done).Json;

        Assert.Equal(StoredWeights.Bytes(workspace.Model), (long)report["bytes"]!["teacher"]!);
        Assert.Equal(Path.GetFileName(workspace.Artifact), (string?)report["model"]);
        Workspace.Run("verify", output).Expect(ExitCode.Done);
        string name = Path.GetFileName(workspace.Artifact);
        Assert.DoesNotContain(
            Directory.GetDirectories(Path.GetTempPath(), "hypercompress-*"),
            folder => Directory.Exists(Path.Combine(folder, name)) && !Path.Exists(Path.Combine(folder, "tiny")));
    }

    [Fact]
    public void Exports_InTheSummary_TakeTheBytesThatTheyAreSaidTo()
    {
        string output = workspace.Of("sized");
        JsonObject report = workspace.Compress(
            output, "--ratio", "4", "--no-train", "--statistics", workspace.Statistics, "--json")
            .Expect(ExitCode.Done).Json;
        JsonObject said = report["exports"]!.AsObject();

        Assert.Equal(
            ["gguf", "gguf --quant q8_0", "gguf --quant q4_k", "onnx", "hf", "pt"], said.Select(pair => pair.Key));
        foreach ((string export, JsonNode? bytes) in said)
        {
            string ending = export[0] == 'g' ? ".gguf" : export == "pt" ? ".pt" : string.Empty;
            string path = workspace.Of($"sized-{export.Replace(' ', '-')}{ending}");
            JsonObject made = Workspace.Run(
                ["export", output, "--format", .. export.Split(' '), "--dtype", "f16", "--out", path, "--json"])
                .Expect(ExitCode.Done).Json;

            // A checkpoint of PyTorch holds the numbers of the report as well.
            Assert.InRange((long)made["bytes"]! - (long)bytes!, 0, export == "pt" ? 4096 : 0);
        }
    }

    [Theory]
    [InlineData("onnx")]
    [InlineData("hf")]
    public void OnlyExport_ForARuntimeOfFolders_KeepsTheFolderAlone(string runtime)
    {
        string output = workspace.Of($"only-{runtime}");

        JsonObject report = workspace.Compress(
            output, "--for", runtime, "--only-export", "--ratio", "1.5", "--probes", "off", "--json")
            .Expect(ExitCode.Done).Json;

        Assert.Equal($"{output}-{runtime}", (string?)report["export"]!["path"]);
        Assert.Null(report["artifact"]);
        Assert.Null(report["exports"]);
        Assert.False(Directory.Exists(output));
        string expected = runtime == "onnx" ? "genai_config.json" : "config.json";
        Assert.True(File.Exists(Path.Combine($"{output}-{runtime}", expected)));
        workspace.Compress(output, "--for", runtime, "--ratio", "1.5")
            .Expect(ExitCode.Usage, "give another --out, or --restart to replace it");
    }

    [Fact]
    public void OnlyExport_Restarted_ReplacesAnEarlierExportAndNothingElse()
    {
        string output = workspace.Of("again");
        string[] options = ["--for", "onnx", "--only-export", "--ratio", "1.5", "--probes", "off", "--restart"];
        string folder = Directory.CreateDirectory($"{output}-onnx").FullName;
        File.WriteAllText(Path.Combine(folder, "mine.txt"), "mine");

        workspace.Compress(output, options).Expect(ExitCode.Usage, "it is no earlier export, so it is not replaced");
        File.WriteAllText(Path.Combine(folder, "config.json"), "{}");
        workspace.Compress(output, options).Expect(ExitCode.Done);

        Assert.True(File.Exists(Path.Combine(folder, "genai_config.json")));
        Assert.False(File.Exists(Path.Combine(folder, "mine.txt")));
    }

    // Whatever process it was made by: its name has no part that another one does not know.
    [Fact]
    public void OnlyExport_ThatGoesOn_LooksForTheWorkOfAStoppedRun()
    {
        string output = workspace.Of("stopped");

        workspace.Compress(output, "--for", "onnx", "--only-export", "--ratio", "1.5", "--resume")
            .Expect(ExitCode.Usage, $"{output}.artifact.work");
    }
}
