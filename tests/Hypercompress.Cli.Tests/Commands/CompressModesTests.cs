using System.Text.Json.Nodes;

namespace Hypercompress.Cli.Tests.Commands;

/// <summary>The ways to choose and combine branches.</summary>
public sealed class CompressModesTests(Workspace workspace) : IClassFixture<Workspace>
{
    private static readonly string[] Integers = ["U8", "I8", "I16", "I32", "I64"];

    [Fact]
    public void Compress_WithEitherMerge_IsNoWorseJointly()
    {
        double joint = SumOfErrors(Run("joint", "--ratio", "5", "--set", "merge.strategy=joint"));
        double weighted = SumOfErrors(Run("weighted", "--ratio", "5", "--set", "merge.strategy=weighted"));

        Assert.True(weighted > 0);
        Assert.True(joint <= weighted * (1 + 1e-6), $"joint {joint}, weighted {weighted}");
        Workspace.Run("verify", workspace.Of("weighted")).Expect(ExitCode.Done);
    }

    [Fact]
    public void Compress_WithWeightedMerge_AveragesWherePlansCombine()
    {
        JsonObject report = Run(
            "average",
            "--set", "planner.mode=manual", "--set", "merge.strategy=weighted", "--set", "branches.lra.rank=8",
            "--set", "branches.sparsity.target_sparsity=0.5");

        Assert.Contains(
            report["sites"]!.AsArray(), site => ((string)site!["form"]!).Contains('+', StringComparison.Ordinal));
        Workspace.Run("verify", workspace.Of("average")).Expect(ExitCode.Done);
    }

    [Fact]
    public void Compress_WithManualKnobs_TakesThemAsTheyAre()
    {
        JsonObject report = Run(
            "manual",
            "--set", "planner.mode=manual", "--set", "branches.lra.rank=4", "--set", "branches.kv.cache_tokens=16",
            "--set", "branches.blt.latent_dim=12", "--set", "branches.sparsity.enabled=false");

        Assert.All(
            report["sites"]!.AsArray()
                .Where(site => ((string)site!["name"]!).Contains("mlp", StringComparison.Ordinal)),
            site => Assert.Contains("rank 4", (string)site!["form"]!, StringComparison.Ordinal));
        Assert.All(
            report["sites"]!.AsArray()
                .Where(site => ((string)site!["name"]!).Contains("kv_proj", StringComparison.Ordinal)),
            site => Assert.Contains("rank 16", (string)site!["form"]!, StringComparison.Ordinal));
        Assert.Contains("rank 12", (string)report["sites"]![0]!["form"]!, StringComparison.Ordinal);
        Assert.Equal(2, (double)report["kv_ratio"]!, 1e-9);
        Workspace.Run("verify", workspace.Of("manual")).Expect(ExitCode.Done);
    }

    [Fact]
    public void Compress_WithLowRankAlone_StoresFactorsOnly()
    {
        JsonObject report = Run("lra", "--ratio", "1.5", "--set", "mode=lra");

        // Bytes are the places of pivot rows: factors in their shortest form.
        Assert.Subset(new HashSet<string> { "F16", "U8" }, StoredWeights.Types(workspace.Of("lra")));
        Assert.Equal(["lra"], report["branches"]!.AsArray().Select(branch => (string)branch!["name"]!));
        Assert.Contains(
            report["sites"]!.AsArray(), site => ((string)site!["form"]!).Split(' ')[0] is "low-rank" or "pivot-rows");
        Assert.True((double)report["param_ratio"]! > 1.4);
    }

    [Fact]
    public void Compress_WithKeysAndValuesAlone_ShrinksTheCache()
    {
        JsonObject report = Run("kv", "--ratio", "1.05", "--set", "mode=kv");

        Assert.True((double)report["kv_ratio"]! > 1, report["kv_ratio"]!.ToString());
        CliResult generated = Workspace.Run(
            "generate", workspace.Of("kv"), "--prompt", "the dog", "--max-tokens", "2", "--threads", "1", "--json");
        CliResult teacher = Workspace.Run(
            "generate", workspace.Model, "--prompt", "the dog", "--max-tokens", "2", "--threads", "1", "--json");
        Assert.Equal(
            (double)report["kv_ratio"]!,
            (double)teacher.Json["kv_bytes_per_token"]! / (double)generated.Json["kv_bytes_per_token"]!,
            1e-9);
    }

    [Theory]
    [InlineData("sparsity", "sparse", "2")]
    [InlineData("quantization", "dense", "2.97")]
    [InlineData("blt", "low-rank", "1.175")]
    public void Compress_WithOneBranchAlone_UsesItsFormOnly(string mode, string form, string ratio)
    {
        JsonObject report = Run(mode, "--ratio", ratio, "--set", $"mode={mode}");

        Assert.Equal([mode], report["branches"]!.AsArray().Select(branch => (string)branch!["name"]!));
        Assert.All(
            report["sites"]!.AsArray(),
            site => Assert.StartsWith(
                (long)site!["bytes"]! < (long)site["teacher_bytes"]! ? form
                    : "dense", (string)site["form"]!, StringComparison.Ordinal));
        Assert.Equal(
            mode == "quantization", StoredWeights.Types(workspace.Of(mode)).Overlaps(Integers) && mode != "sparsity");
        Workspace.Run("verify", workspace.Of(mode)).Expect(ExitCode.Done);
    }

    [Fact]
    public void Compress_WithExcludedSites_KeepsThemAsTheyAre()
    {
        JsonObject report = Run("excluded", "--ratio", "2", "--set", "planner.exclude=[model.layers.0.*]");

        Assert.All(
            report["sites"]!.AsArray()
                .Where(site => ((string)site!["name"]!).StartsWith("model.layers.0.", StringComparison.Ordinal)),
            site => Assert.Equal((long)site!["teacher_bytes"]!, (long)site["bytes"]!));
    }

    private static double SumOfErrors(JsonObject report) =>
        report["sites"]!.AsArray().Sum(site => (double)site!["measured_error"]!);

    private JsonObject Run(string name, params string[] more) =>
        workspace.Compress(workspace.Of(name), ["--no-train", "--json", .. more]).Json;
}
