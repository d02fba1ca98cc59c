using System.Text.Json.Nodes;

namespace Hypercompress.Cli.Tests.Commands;

/// <summary>One calibration, many plans: statistics files, sweeps, and limits on running the student.</summary>
public sealed class PlanningCommandTests(Workspace workspace) : IClassFixture<Workspace>
{
    [Fact]
    public void Plan_WithStatistics_TakesThemFromTheFileAtOtherTargets()
    {
        string file = workspace.Of("statistics.json");
        JsonObject first = Plan("--ratio", "4", "--statistics", file).Json;
        DateTime written = File.GetLastWriteTimeUtc(file);

        JsonObject again = Plan("--ratio", "4", "--statistics", file, "--set", "sequential.enabled=false").Json;
        JsonObject other = Plan("--ratio", "6", "--statistics", file).Json;

        Assert.Equal(first.ToJsonString(), again.ToJsonString());
        Assert.InRange((double)other["compression_ratio"]!, 6, 6.06);
        Assert.Equal(written, File.GetLastWriteTimeUtc(file));
    }

    [Fact]
    public void Plan_WithStatisticsAlone_NeedsNoTexts()
    {
        string file = workspace.Statistics;

        string[] without = [.. workspace.Arguments("plan", workspace.Model).Where((_, index) => index is < 2 or > 5)];
        CliResult plan = Workspace.Run([.. without, "--ratio", "3", "--statistics", file, "--json"]);

        Assert.InRange((double)plan.Json["compression_ratio"]!, 3, 3.03);
    }

    [Theory]
    [InlineData("plan")]
    [InlineData("compress")]
    public void Command_WithTooShortAText_IsRefusedBeforeTheModelIsLoaded(string verb)
    {
        string text = workspace.Write("short.txt", TinyCheckpoint.Text(20, seed: 1));

        CliResult run = Workspace.Run(
            verb, workspace.Model, "--calibration", text)
            .Expect(ExitCode.Usage, "none of them fills a window of");

        Assert.DoesNotContain("load", run.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void Compress_WithStatistics_WritesWhatItWritesWithout()
    {
        string file = workspace.Statistics;

        workspace.Compress(
            workspace.Of("with"), "--ratio", "5", "--no-train", "--statistics", file, "--set",
            "distillation.token_budget=100000").Expect(ExitCode.Done);
        workspace.Compress(workspace.Of("without"), "--ratio", "5", "--no-train").Expect(ExitCode.Done);

        Assert.Equal(
            File.ReadAllBytes(Path.Combine(workspace.Of("without"), "model.safetensors")),
            File.ReadAllBytes(Path.Combine(workspace.Of("with"), "model.safetensors")));
    }

    [Fact]
    public void Compress_WithStatisticsOfAPlan_ReadsNoCalibrationTextAgain()
    {
        string file = workspace.Of("moments.json");
        Plan("--ratio", "4", "--statistics", file).Expect(ExitCode.Done);
        string folder = file + ".moments";

        CliResult other =
            workspace.Compress(workspace.Of("other"), "--ratio", "6", "--no-train", "--statistics", file);
        workspace.Compress(workspace.Of("afresh"), "--ratio", "6", "--no-train").Expect(ExitCode.Done);

        other.Expect(ExitCode.Done, folder);
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(workspace.Of("afresh"), "model.safetensors")),
            File.ReadAllBytes(Path.Combine(workspace.Of("other"), "model.safetensors")));
    }

    [Fact]
    public void Compress_WithMomentsThatWereDamaged_NamesTheFolder()
    {
        string file = workspace.Of("damaged.json");
        Plan("--ratio", "4", "--statistics", file).Expect(ExitCode.Done);
        string folder = file + ".moments";
        string tensors = Directory.GetFiles(folder, "*.safetensors").Single();
        File.WriteAllBytes(tensors, File.ReadAllBytes(tensors)[..^1]);

        workspace.Compress(workspace.Of("refused"), "--ratio", "6", "--no-train", "--statistics", file)
            .Expect(ExitCode.Input, folder, "delete");
    }

    [Theory]
    [InlineData("set of settings", "--set", "branches.lra.rank=3")]
    [InlineData("set of settings", "--set", "runtime.seed=4")]
    [InlineData("calibration text", "--calibration", "")]
    public void Plan_WithStatisticsOfSomethingElse_IsRefused(string named, string option, string value)
    {
        string file = workspace.Statistics;
        string given = value.Length > 0 ? value : workspace.Write("other.txt", TinyCheckpoint.Text(1400, seed: 8));

        Plan("--ratio", "4", "--statistics", file, option, given).Expect(ExitCode.Usage, file, named, "delete it");
    }

    [Fact]
    public void Plan_WithStatisticsOfAnotherModel_IsRefused()
    {
        string file = workspace.Statistics;
        string twin = TinyCheckpoint.Write(workspace.Of("twin"), seed: 12);

        Workspace.Run([.. workspace.Arguments("plan", twin), "--ratio", "4", "--statistics", file])
            .Expect(ExitCode.Usage, file, "another model");
    }

    [Fact]
    public void Plan_WithTruncatedStatistics_IsAnInputError()
    {
        string file = workspace.Of("truncated.json");
        File.WriteAllBytes(file, File.ReadAllBytes(workspace.Statistics)[..^100]);

        Plan("--ratio", "4", "--statistics", file).Expect(ExitCode.Input, file, "delete it");
    }

    [Fact]
    public void Sweep_OverRatios_GivesTheirPlans()
    {
        string file = workspace.Of("sweep.json");
        string[] trained = ["--statistics", file, "--set", "distillation.enabled=true"];
        JsonObject sweep = Sweep(["--ratios", "2,4,8,1000000", "--json", .. trained]).Json;

        JsonArray points = sweep["points"]!.AsArray();
        Assert.Equal([2.0, 4.0, 8.0], points.Select(point => (double)point!["asked_ratio"]!));
        Assert.All(
            points, point =>
            Assert.InRange(
            (double)point!["ratio"]!, (double)point["asked_ratio"]!, 1.01 * (double)point["asked_ratio"]!));
        double[] bytes = [.. points.Select(point => (double)point!["bytes"]!)];
        Assert.Equal(bytes.OrderDescending(), bytes);
        double[] losses = [.. points.Select(point => (double)point!["predicted_loss_nats"]!)];
        Assert.Equal(losses.Order(), losses);
        Assert.All(points, point => Assert.True((double)point!["predicted_perplexity"]!["value"]! > 0));
        Assert.Equal([1e6], sweep["refused"]!.AsArray().Select(refusal => (double)refusal!["asked_ratio"]!));
        JsonObject plan = Plan(["--ratio", "4", .. trained]).Json;
        Assert.Equal(300_000, (long)plan["training_tokens"]!);
        Assert.All(points, point => Assert.True(point!.AsObject().ContainsKey("predicted_trained_perplexity")));
        Assert.All(
            ["bytes", "predicted_perplexity", "predicted_trained_perplexity", "training_tokens"],
            key => Assert.Equal(plan[key]?.ToJsonString(), points[1]![key]?.ToJsonString()));
    }

    [Fact]
    public void Sweep_OverEverything_IsAFrontForPeople()
    {
        string[] lines = Sweep("--statistics", workspace.Statistics).Expect(ExitCode.Done).Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Contains("ratio", lines[1], StringComparison.Ordinal);
        Assert.True(lines.Length > 15, $"{lines.Length} lines");
    }

    [Theory]
    [InlineData("2,four")]
    [InlineData("0.5")]
    [InlineData("")]
    public void Sweep_OverNonsense_IsAUsageError(string ratios) =>
        Sweep("--ratios", ratios).Expect(ExitCode.Usage, "--ratios");

    [Fact]
    public void Sweep_OutOfReach_IsRefused() =>
        Sweep("--ratios", "500000,1000000", "--statistics", workspace.Statistics)
        .Expect(ExitCode.Target, "nearest");

    [Fact]
    public void Plan_WithLimits_KeepsThemAndCompressToo()
    {
        string output = workspace.Of("limited");
        string[] limits =
            ["--ratio", "5", "--max-kv-bytes", "100", "--max-multiply-adds", "9500", "--statistics",
            workspace.Statistics];

        JsonObject plan = Plan(limits).Json;
        JsonObject report = workspace.Compress(output, [.. limits, "--no-train", "--json"]).Json;

        Assert.InRange((long)plan["kv_bytes_per_token"]!, 1, 100);
        Assert.InRange((long)plan["multiply_adds_per_token"]!, 1, 9500);
        Assert.InRange((long)report["kv_bytes_per_token"]!["student"]!, 1, 100);
        Assert.InRange((long)report["multiply_adds_per_token"]!["student"]!, 1, 9500);
        Assert.Equal((double)plan["kv_ratio"]!, (double)report["kv_ratio"]!, 1e-9);
        Assert.True((double)report["limit"]!["limit_bits"]! > 0);
        Assert.True((double)report["predicted_perplexity"]!["high"]! > 0);
        Assert.Contains(report["sites"]!.AsArray(), site => (double?)site!["limit_bits_per_weight"] > 0);
        Assert.Contains(
            "rate–distortion limit", File.ReadAllText(Path.Combine(output, "README.md")), StringComparison.Ordinal);
        Plan("--ratio", "4", "--max-kv-bytes", "1", "--statistics", workspace.Statistics)
            .Expect(ExitCode.Target, "cache");
    }

    [Fact]
    public void Plan_Uniform_TreatsLayersAlike()
    {
        JsonObject plan = Plan("--ratio", "5", "--uniform", "--statistics", workspace.Statistics).Json;

        var kinds = plan["sites"]!.AsArray()
            .Where(site => ((string)site!["site"]!).Contains("layers", StringComparison.Ordinal))
            .GroupBy(site => ((string)site!["site"]!).Split('.')[^1]);
        Assert.All(kinds, kind => Assert.Single(kind.Select(site => site!["offers"]!.ToJsonString()).Distinct()));
    }

    [Fact]
    public void Plan_Explained_TellsTheDistanceToTheLimit()
    {
        Plan("--ratio", "4", "--explain", "--statistics", workspace.Statistics).Expect(ExitCode.Done);
        JsonObject plan = Plan("--ratio", "4", "--statistics", workspace.Statistics).Json;

        Assert.True((double)plan["limit"]!["limit_bits_per_weight"]! > 0);
        Assert.True((double)plan["limit"]!["limit_error_nats"]! < (double)plan["limit"]!["error_nats"]!);
        Assert.True((bool)plan["verdict"]!["sensible"]!);
    }

    [Theory]
    [InlineData("off")]
    [InlineData("model")]
    [InlineData("sites")]
    public void Plan_WithProbes_PredictsABand(string probes)
    {
        JsonObject prediction = Plan("--ratio", "6", "--probes", probes).Json["predicted_perplexity"]!.AsObject();

        Assert.InRange((double)prediction["value"]!, (double)prediction["low"]!, (double)prediction["high"]!);
    }

    private CliResult Plan(params string[] more) =>
        Workspace.Run(
            [.. workspace.Arguments("plan", workspace.Model), .. more, .. more.Contains("--explain")
            ? Array.Empty<string>() : ["--json"]]);

    private CliResult Sweep(params string[] more) =>
        Workspace.Run([.. workspace.Arguments("sweep", workspace.Model), .. more]);
}
