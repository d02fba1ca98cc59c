using System.Text.Json.Nodes;

namespace Hypercompress.Cli.Tests;

/// <summary>The whole way on a small trained model: what compression costs is visible only there.</summary>
public sealed class TrainedModelTests(ScratchFolder folder) : IClassFixture<ScratchFolder>
{
    private static readonly string[] Little =
    [
        "--set", "data.calibration_tokens=2048", "--set", "data.fisher_tokens=512", "--set", "data.sequence_length=256",
        "--set", "evaluation.max_tokens=1024", "--set", "evaluation.window=256", "--threads", "1", "--no-train",
    ];

    [Fact]
    public void Compress_ToAQuarter_HardlyCostsAnything()
    {
        string model = SharedFiles.Require("models/tinystories-656k-hf");
        string output = folder.Of("half");

        JsonObject report = Compress(model, output, "4");

        double teacher = (double)report["perplexity"]!["teacher"]!;
        Assert.InRange((double)report["perplexity"]!["student"]!, 0.97 * teacher, 1.05 * teacher);
        Assert.InRange((double)StoredWeights.Bytes(model) / StoredWeights.Bytes(output), 4, 4.04);
        Workspace.Run("verify", output).Expect(ExitCode.Done);
        Assert.InRange((double)report["evaluation"]!["texts"]![0]!["agreement"]!, 0.9, 1);
    }

    [Fact]
    public void Compress_WithMoreBytes_IsCloserToTheTeacher()
    {
        string model = SharedFiles.Require("models/tinystories-656k-hf");

        double small = (double)Compress(model, folder.Of("small"), "12")["perplexity"]!["student"]!;
        double large = (double)Compress(model, folder.Of("large"), "6")["perplexity"]!["student"]!;

        Assert.True(large < small, $"at 6x {large}, at 12x {small}");
    }

    [Fact]
    public void Compress_BeyondSensibleQuality_IsRefusedUnlessForced()
    {
        string model = SharedFiles.Require("models/tinystories-656k-hf");
        string output = folder.Of("beyond");

        CliResult refused = Run(model, output, "60")
            .Expect(ExitCode.Target, "the model would be of little use", "--force", "nearest");
        Assert.False(Directory.Exists(output));
        string nearest = refused.Messages.Split("the nearest ratio within the limit is ")[1].Split(". ")[0];
        Run(model, folder.Of("nearest"), nearest).Expect(ExitCode.Done);
        JsonObject report = Run(model, output, "60", "--force").Json;

        Assert.InRange((double)StoredWeights.Bytes(model) / StoredWeights.Bytes(output), 60, 60.6);
        Assert.Contains(
            report["notes"]!.AsArray(), note =>
            ((string)note!).Contains("the model would be of little use", StringComparison.Ordinal));
        Assert.True((double)report["predicted_perplexity"]!["low"]! > 5 * (double)report["perplexity"]!["teacher"]!);
    }

    private JsonObject Compress(string model, string output, string ratio) => Run(model, output, ratio).Json;

    // Whichever run is the first calibrates for all.
    private CliResult Run(string model, string output, string ratio, params string[] more) => Workspace.Run(
    [
        "compress", model, "--out", output, "--ratio", ratio, "--json",
        "--statistics", folder.Of("statistics.json"),
        "--calibration", SharedFiles.Require("data/tinystories/tinystories_train_2MiB.txt"),
        "--validation", SharedFiles.Require("data/tinystories/tinystories_valid_30k.txt"),
        .. Little,
        .. more,
    ]);
}
