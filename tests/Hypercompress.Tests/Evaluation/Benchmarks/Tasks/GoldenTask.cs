using System.Globalization;
using System.Text.Json.Nodes;
using Hypercompress.Evaluation;

namespace Hypercompress.Tests.Evaluation.Benchmarks.Tasks;

/// <summary>A file of numbers that lm-evaluation-harness made, and the options that repeat it.</summary>
public sealed class GoldenTask : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    /// <summary>Reads a file of <c>golden/eval</c>.</summary>
    /// <param name="name">Its name without ending.</param>
    /// <param name="limit">Documents that are repeated, from the first.</param>
    public GoldenTask(string name, int limit)
    {
        Root = JsonNode.Parse(File.ReadAllText(SharedFiles.Require($"golden/eval/{name}.json")))!;
        Items = [.. Root["items"]!.AsArray().Take(limit).Select(item => item!)];
        Options = new EvaluationOptions
        {
            Tasks = [Name(name)],
            DataDir = SharedFiles.Require("data/tasks"),
            Limit = Items.Length,
            Shots = (int)Root["num_fewshot"]!,
            MaxLength = (int)Root["max_length"]!,
        };
    }

    public JsonNode Root { get; }

    public JsonNode[] Items { get; }

    public EvaluationOptions Options { get; }

    public bool IsWhole => Items.Length == Root["items"]!.AsArray().Count;

    /// <summary>All files that hold items.</summary>
    public static string[] Names { get; } =
    [
        "mmlu_abstract_algebra_0shot", "mmlu_abstract_algebra_5shot", "mmlu_high_school_geography_0shot",
        "mmlu_high_school_geography_5shot", "mmlu_philosophy_0shot", "mmlu_philosophy_5shot", "arc_easy",
        "arc_challenge",
        "arc_challenge_maxlen32", "winogrande", "sst2", "mrpc", "rte", "cola", "wikitext", "gsm8k",
        "gsm8k_default_sampler",
    ];

    public static double[] Numbers(JsonNode node) => [.. node.AsArray().Select(value => (double)value!)];

    public void Dispose() => _scratch.Dispose();

    // The harness ran gsm8k with shorter answers, once with the first examples instead of drawn ones.
    private string Name(string file) => file switch
    {
        "gsm8k" =>
            Changed("gsm8k", ("max_tokens: 256", "max_tokens: 128"),
            ("split: train}", "split: train, sampler: first_n}")),
        "gsm8k_default_sampler" => Changed("gsm8k", ("max_tokens: 256", "max_tokens: 128")),
        _ => (string)Root["task"]!,
    };

    private string Changed(string task, params (string Old, string New)[] changes)
    {
        using var reader =
            new StreamReader(typeof(EvaluationOptions).Assembly.GetManifestResourceStream($"Tasks/{task}.yaml")!);
        string yaml = reader.ReadToEnd();
        foreach ((string old, string fresh) in changes)
        {
            Assert.Contains(old, yaml, StringComparison.Ordinal);
            yaml = yaml.Replace(old, fresh, StringComparison.Ordinal);
        }

        return _scratch.Write(string.Create(CultureInfo.InvariantCulture, $"{task}.yaml"), yaml);
    }
}
