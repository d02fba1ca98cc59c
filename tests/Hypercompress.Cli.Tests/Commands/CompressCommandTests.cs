using System.Globalization;
using System.Text.Json.Nodes;

namespace Hypercompress.Cli.Tests.Commands;

public sealed class CompressCommandTests(Workspace workspace) : IClassFixture<Workspace>
{
    private static readonly string[] Training =
    [
        "--set", "distillation.token_budget=512", "--set", "distillation.sequence_length=64",
        "--set", "distillation.batch_size=2", "--set", "distillation.validation_tokens=256",
        "--set", "finetune.token_budget=256", "--set", "finetune.sequence_length=64",
        "--set", "finetune.batch_size=2", "--set", "finetune.validation_tokens=256",
    ];

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(7)]
    public void Compress_ToARatio_StoresThatManyBytes(double ratio)
    {
        string output = workspace.Of($"ratio{ratio}");

        CliResult run = workspace.Compress(
            output, "--ratio", ratio.ToString(CultureInfo.InvariantCulture), "--statistics", workspace.Statistics,
            "--no-train", "--json").Expect(ExitCode.Done);

        JsonObject report = run.Json;
        long teacher = StoredWeights.Bytes(workspace.Model);
        long student = StoredWeights.Bytes(output);
        Assert.Equal(teacher, (long)report["bytes"]!["teacher"]!);
        Assert.Equal(student, (long)report["bytes"]!["student"]!);
        Assert.Equal(ratio, (double)report["asked_ratio"]!);
        Assert.Equal((double)teacher / student, (double)report["compression_ratio"]!, 1e-9);
        Assert.InRange((double)teacher / student, ratio, ratio * 1.01);
        Assert.Equal(student, PlanBytes(Path.Combine(output, "plan.json")));
        Assert.Contains("evaluation", run.Messages, StringComparison.Ordinal);
        Workspace.Run("verify", output).Expect(ExitCode.Done);
    }

    [Fact]
    public void Compress_Recipe_NamesTextsWithoutTheirFolders()
    {
        string recipe = File.ReadAllText(Path.Combine(workspace.Artifact, "recipe.yaml"));

        Assert.Contains("calibration: [calibration.txt]", recipe, StringComparison.Ordinal);
        Assert.Contains("validation: [validation.txt]", recipe, StringComparison.Ordinal);
        Assert.DoesNotContain(Path.GetDirectoryName(workspace.Calibration)!, recipe, StringComparison.Ordinal);
    }

    // Progress is for people: it goes to the other stream, whatever the result is printed as.
    [Theory]
    [InlineData("--quiet", false, false)]
    [InlineData("--json", true, false)]
    [InlineData("--verbose", true, true)]
    public void Plan_ShowsAsMuchAsItIsAskedFor(string option, bool hasProgress, bool hasSteps)
    {
        CliResult run = Workspace.Run(
            [.. workspace.Arguments("plan", workspace.Model), "--ratio", "4", "--effort", "light", option])
            .Expect(ExitCode.Done);

        Assert.Equal(hasProgress, run.Messages.Contains("offers …", StringComparison.Ordinal));
        Assert.Equal(hasSteps, run.Messages.Contains("  offers: 100 %", StringComparison.Ordinal));
        Assert.NotEmpty(run.Output);
    }

    [Fact]
    public void Plan_QuietAndVerbose_ContradictEachOther() => Workspace.Run(
        [.. workspace.Arguments("plan", workspace.Model), "--quiet", "--verbose"])
        .Expect(ExitCode.Usage, "--quiet and --verbose");

    [Fact]
    public void Compress_AsJson_HasEveryPromisedKey()
    {
        string output = workspace.Of("keys");

        JsonObject report = workspace.Compress(output, "--ratio", "3", "--no-train", "--json").Json;

        foreach (string key in new[] { "asked_ratio", "compression_ratio", "param_ratio", "kv_ratio", "seconds" })
        {
            Assert.True((double)report[key]! > 0, key);
        }

        foreach (string key in new[] { "bytes", "perplexity" })
        {
            Assert.True((double)report[key]!["teacher"]! > 0, key);
            Assert.True((double)report[key]!["student"]! > 0, key);
        }

        Assert.True((long)report["peak_rss_bytes"]! > 0);
        Assert.Equal(output, (string?)report["artifact"]);

        // The file does not tell where it was made, nor what would be made of it.
        report["artifact"] = Path.GetFileName(output);
        Assert.True(report.Remove("exports"));
        Assert.Equal(
            File.ReadAllText(Path.Combine(output, "report.json"))
            .Trim(),
            report.ToJsonString(
            new()
            {
                WriteIndented = true,
                Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping
            })
            .ReplaceLineEndings("\n"));
        Assert.Equal(
            ["README.md", "config.json", "hypercompress.json", "metrics.jsonl", "model.safetensors",
                "modeling_hypercompress.py", "plan.json",
                "recipe.yaml", "report.html", "report.json", "tokenizer.json", "tokenizer_config.json"],
            Directory.GetFileSystemEntries(output).Select(path => Path.GetFileName(path))
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Compress_ToBytes_StaysWithinThem()
    {
        string output = workspace.Of("bytes");

        workspace.Compress(output, "--bytes", "20KB", "--statistics", workspace.Statistics, "--no-train")
            .Expect(ExitCode.Done);

        Assert.InRange(StoredWeights.Bytes(output), 19_800, 20_000);
    }

    [Fact]
    public void Compress_ForPeople_NamesArtifactRatioAndPerplexity()
    {
        string output = workspace.Of("people");

        CliResult run = workspace.Compress(output, "--ratio", "4", "--no-train")
            .Expect(ExitCode.Done, "branches", "evaluation");

        Assert.Contains(output, run.Output, StringComparison.Ordinal);
        Assert.Contains("4.000x: weights", run.Output, StringComparison.Ordinal);
        Assert.Contains("perplexity", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Compress_WithTraining_KeepsTheBytesAndReportsBothPhases()
    {
        string output = workspace.Of("trained");

        JsonObject report =
            workspace.Compress(
            output, ["--ratio", "4", "--statistics", workspace.Statistics, "--json", .. Training]).Json;

        Assert.InRange((double)StoredWeights.Bytes(workspace.Model) / StoredWeights.Bytes(output), 4, 4.04);
        Assert.Equal(
            ["distillation", "fine-tuning"], report["training"]!.AsArray().Select(phase => (string?)phase!["name"]));
        Workspace.Run("verify", output).Expect(ExitCode.Done);
    }

    [Fact]
    public void Compress_TwiceWithTheSameSeed_WritesTheSameWeights()
    {
        string[] more = ["--ratio", "4", .. Training];
        workspace.Compress(workspace.Of("first"), more).Expect(ExitCode.Done);
        workspace.Compress(workspace.Of("second"), more).Expect(ExitCode.Done);

        foreach (string file in new[] { "model.safetensors", "config.json", "plan.json", "recipe.yaml" })
        {
            Assert.Equal(
                File.ReadAllBytes(Path.Combine(workspace.Of("first"), file)),
                File.ReadAllBytes(Path.Combine(workspace.Of("second"), file)));
        }
    }

    [Fact]
    public void Compress_WithASavedPlan_WritesWhatPlanningByItselfWrites()
    {
        string plan = workspace.Of("new/folder/saved-plan.json");
        CliResult planned = Workspace.Run(
            [.. workspace.Arguments("plan", workspace.Model), "--ratio", "5", "--save", plan, "--json"])
                .Expect(ExitCode.Done);
        JsonObject carriedOut =
            workspace.Compress(workspace.Of("by-plan"), "--plan", plan, "--no-train", "--json")
                .Expect(ExitCode.Done).Json;
        workspace.Compress(workspace.Of("by-ratio"), "--ratio", "5", "--no-train").Expect(ExitCode.Done);

        Assert.Equal(
            File.ReadAllBytes(Path.Combine(workspace.Of("by-ratio"), "model.safetensors")),
            File.ReadAllBytes(Path.Combine(workspace.Of("by-plan"), "model.safetensors")));
        Assert.DoesNotContain("probes", carriedOut["phases"]!.AsArray().Select(phase => (string?)phase!["name"]));
        Assert.Empty(carriedOut["front"]!.AsArray());
        JsonObject document = planned.Json;
        Assert.Equal(StoredWeights.Bytes(workspace.Of("by-plan")), (long)document["bytes"]!);
        Assert.Equal(5, (double)document["asked_ratio"]!);
        Assert.InRange((double)document["compression_ratio"]!, 5, 5.05);
        Assert.True(
            (double)document["predicted_perplexity"]!["low"]! <= (double)document["predicted_perplexity"]!["high"]!);
        Assert.Equal(13, document["sites"]!.AsArray().Count);
        Assert.All(["ram_bytes", "disk_bytes", "seconds"], key => Assert.True((double)document["estimate"]![key]! > 0));
    }

    [Fact]
    public void Compress_WithRestart_ReplacesTheArtifact()
    {
        string output = workspace.Of("again");
        workspace.Compress(output, "--ratio", "2", "--statistics", workspace.Statistics, "--no-train")
            .Expect(ExitCode.Done);
        long before = StoredWeights.Bytes(output);

        workspace.Compress(output, "--ratio", "4", "--statistics", workspace.Statistics, "--no-train")
            .Expect(ExitCode.Usage, output, "--restart");
        Assert.Equal(before, StoredWeights.Bytes(output));
        workspace.Compress(output, "--ratio", "4", "--statistics", workspace.Statistics, "--no-train", "--restart")
            .Expect(ExitCode.Done);

        Assert.True(StoredWeights.Bytes(output) < before);
        Workspace.Run("verify", output).Expect(ExitCode.Done);
    }

    [Fact]
    public void Compress_WithACheckpointExport_WritesAndCountsIt()
    {
        string output = workspace.Of("checkpoint");

        workspace.Compress(
            output, "--ratio", "2", "--statistics", workspace.Statistics, "--no-train", "--set",
            "storage.export=[torch_checkpoint]").Expect(ExitCode.Done);

        Assert.True(File.Exists(Path.Combine(output, "checkpoint.pt")));
        Workspace.Run("verify", output).Expect(ExitCode.Done);
    }

    [Fact]
    public void Plan_AtALevel_SaysAsMuchAsWasAskedFor()
    {
        // Without a validation text there is a note.
        string[] Lines(string level) => Workspace.Run(
            "plan", workspace.Model, "--calibration", workspace.Calibration, "--threads", "1", "--set",
            "data.sequence_length=64",
            "--set", "data.calibration_tokens=512", "--set", "data.fisher_tokens=128", "--set",
            "evaluation.max_tokens=64",
            "--set", "evaluation.window=64", "--set", $"logging.level={level}")
            .Expect(ExitCode.Done).Messages.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Empty(Lines("error"));
        string[] notes = Lines("warning");
        Assert.NotEmpty(notes);
        Assert.All(notes, line => Assert.StartsWith("  note: ", line, StringComparison.Ordinal));
        Assert.Contains("baseline analysis …", Lines("info"));
        Assert.Contains(Lines("debug"), line => line.Contains("model.layers.1.mlp.up_proj", StringComparison.Ordinal));
    }

    private static long PlanBytes(string path)
    {
        JsonNode plan = JsonNode.Parse(File.ReadAllText(path))!;
        return (long)plan["fixed_bytes"]! + plan["sites"]!.AsArray().Sum(site => (long)site!["bytes"]!);
    }

    [Fact]
    public void Compress_WithoutAnyText_LetsTheModelWriteOneAndSaysSo() => Workspace.Run(
        "compress", workspace.Model, "--ratio", "2", "--no-train", "--threads", "1", "--out", workspace.Of("no-text"),
        "--set", "data.calibration_tokens=1024", "--set", "data.sequence_length=64")
        .Expect(ExitCode.Done, "the model wrote");
}
