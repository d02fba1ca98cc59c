using System.Text.Json.Nodes;

namespace Hypercompress.Cli.Tests.Commands.Comparing;

public sealed class CompareCommandTests(Workspace workspace) : IClassFixture<Workspace>
{
    [Fact]
    public void Compare_Artifacts_TakesWhatTheirReportsSay()
    {
        string other = workspace.Copy(workspace.Artifact, "other");
        JsonObject report = Workspace.Run("report", workspace.Artifact, "--json").Json;

        JsonArray models = Workspace.Run("compare", workspace.Artifact, other, "--json").Json["models"]!.AsArray();

        Assert.Equal(["shared-artifact", "other"], models.Select(model => (string?)model!["name"]));
        JsonNode text = models[1]!["texts"]![0]!;
        JsonNode reported = report["evaluation"]!["texts"]![0]!;
        Assert.Equal((long)report["bytes"]!["student"]!, (long)models[1]!["bytes"]!);
        Assert.Equal((double)report["perplexity"]!["student"]!, (double)text["perplexity"]!);
        Assert.Equal((double)reported["divergence"]!, (double)text["kl"]!["mean"]!);
        Assert.Equal((double)reported["quantiles"]!["percentile999"]!, (double)text["kl"]!["p999"]!);
        Assert.Equal((double)reported["agreement"]!, (double)text["kl"]!["same_top1"]!);
        Assert.Equal((double)reported["probability_difference"]!, (double)text["kl"]!["rms_dp"]!);
    }

    [Fact]
    public void Compare_Text_MeasuresAllModelsOnTheSameTokens()
    {
        JsonArray models = Workspace.Run(
            "compare", workspace.Artifact, workspace.Model, "--text", workspace.Validation, "--teacher", workspace.Model,
            "--max-tokens", "200", "--window", "64", "--threads", "1", "--json").Json["models"]!.AsArray();

        JsonNode[] texts = [.. models.Select(model => model!["texts"]![0]!)];
        Assert.Equal((long)texts[0]["tokens"]!, (long)texts[1]["tokens"]!);
        Assert.Equal("validation.txt", (string?)texts[0]["file"]);
        Assert.True((double)texts[0]["kl"]!["mean"]! > 0);
        Assert.True((double)texts[0]["kl"]!["median"]! < (double)texts[0]["kl"]!["max"]!);
        Assert.Equal(0, (double)texts[1]["kl"]!["mean"]!, 1e-9);
        Assert.Equal(1, (double)texts[1]["kl"]!["same_top1"]!);
        Assert.Equal((long)Workspace.Run("inspect", workspace.Model, "--json").Json["weight_bytes"]!, (long)models[1]!["bytes"]!);
    }

    [Fact]
    public void Compare_ForPeople_HasATableOfSizesAndOnePerText()
    {
        string[] lines = Workspace.Run("compare", workspace.Artifact, workspace.Model, "--threads", "1")
            .Expect(ExitCode.Done).Output.Split(Environment.NewLine);

        Assert.Matches("^model +bytes +ratio +quality$", lines[0]);
        Assert.Matches(@"^shared-artifact +\d.* kB +4\.\d+x ", lines[1]);
        Assert.StartsWith("validation.txt (paper, windows of 64, ", lines[4], StringComparison.Ordinal);
        Assert.Matches("^shared-artifact +[0-9.]+ ± [0-9.]+ ", lines[6]);
    }

    [Fact]
    public void Compare_Html_WritesAPage()
    {
        string file = workspace.Of("compared.html");
        Workspace.Run("compare", workspace.Artifact, workspace.Model, "--html", file).Expect(ExitCode.Done);

        string page = File.ReadAllText(file);
        Assert.Contains("2 models side by side</h1>", page, StringComparison.Ordinal);
        Assert.Contains("<th scope=\"row\">shared-artifact</th>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_OneModel_IsRefused() =>
        Workspace.Run("compare", workspace.Artifact).Expect(ExitCode.Usage, "compare needs at least two models");

    [Fact]
    public void Compare_TeacherWithoutText_IsRefused() => Workspace
        .Run("compare", workspace.Artifact, workspace.Model, "--teacher", workspace.Model)
        .Expect(ExitCode.Usage, "give --text FILE as well");
}
