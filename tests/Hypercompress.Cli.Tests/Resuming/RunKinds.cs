using System.Text.Json.Nodes;

namespace Hypercompress.Cli.Tests.Resuming;

/// <summary>Ways to compress the tiny model that pass through different phases.</summary>
internal static class RunKinds
{
    /// <summary>All sites at once, nothing trained.</summary>
    public static string[] AtOnce { get; } = ["--ratio", "4", "--no-train"];

    /// <summary>
    /// Factors, sparse values and codes, blocks in order, levels that train, and both phases of training.
    /// </summary>
    public static string[] Trained { get; } =
    [
        "--ratio", "8", "--force",
        "--set", "sequential.enabled=true", "--set", "sequential.tokens=512",
        "--set", "distillation.enabled=true", "--set", "distillation.train_levels=true",
        "--set", "distillation.token_budget=2560", "--set", "distillation.sequence_length=64",
        "--set", "distillation.batch_size=2", "--set", "distillation.validation_tokens=256",
        "--set", "distillation.validation_interval=4",
        "--set", "finetune.enabled=true", "--set", "finetune.token_budget=512",
        "--set", "finetune.sequence_length=64", "--set", "finetune.batch_size=2",
        "--set", "finetune.validation_tokens=256",
    ];

    /// <summary>Fails unless two artifacts are the same but for times, memory and curves of speed.</summary>
    public static void AssertSame(string expected, string actual)
    {
        foreach (string file in new[] { "model.safetensors", "config.json", "plan.json", "recipe.yaml" })
        {
            Assert.Equal(
                File.ReadAllBytes(Path.Combine(expected, file)), File.ReadAllBytes(Path.Combine(actual, file)));
        }

        Assert.Equal(
            Manifest(expected)["result_hash"]!.ToJsonString(), Manifest(actual)["result_hash"]!.ToJsonString());
        (JsonNode first, JsonNode second) = (Json(expected, "report.json"), Json(actual, "report.json"));
        Assert.All(
            ["notes", "sites", "evaluation", "training", "baselines", "structure", "continuations"],
            key => Assert.Equal(first[key]!.ToJsonString(), second[key]!.ToJsonString()));
    }

    /// <summary>The manifest of an artifact.</summary>
    public static JsonNode Manifest(string artifact) => Json(artifact, "hypercompress.json");

    private static JsonNode Json(string artifact, string file) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(artifact, file)))!;
}
