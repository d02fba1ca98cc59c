using System.Text.Json.Nodes;
using Hypercompress.Evaluation.Benchmarks.Results;
using Hypercompress.Evaluation.Perplexity;
using Hypercompress.Models.Errors;
using Hypercompress.Reporting;

namespace Hypercompress.Cli.Output;

/// <summary>The document of <c>evaluate --json</c>.</summary>
internal static class ScoreJson
{
    /// <summary>Perplexities of one model.</summary>
    /// <param name="texts">One result per text.</param>
    /// <returns>The document.</returns>
    public static JsonObject Alone(IReadOnlyList<PerplexityResult> texts) => new()
    {
        ["perplexity"] = new JsonArray([.. texts.Select(ToJson)]),
    };

    /// <summary>Perplexities of a student and its teacher.</summary>
    /// <param name="texts">One comparison per text.</param>
    /// <returns>The document.</returns>
    public static JsonObject Beside(IReadOnlyList<ComparisonResult> texts) => new()
    {
        ["perplexity"] = new JsonArray([.. texts.Select(text => ToJson(text.Student))]),
        ["teacher_perplexity"] = new JsonArray([.. texts.Select(text => ToJson(text.Teacher))]),
        ["comparison"] = new JsonArray([.. texts.Select(ToJson)]),
    };

    /// <summary>Adds the scores of tasks.</summary>
    /// <param name="document">The document.</param>
    /// <param name="report">The scores.</param>
    public static void AddTasks(JsonObject document, TaskReport report)
    {
        document["tasks"] = TaskJson.Scores(report.Student);
        if (report.Teacher is { } teacher)
        {
            document["teacher_tasks"] = TaskJson.Scores(teacher);
            document["task_comparison"] = TaskJson.Comparisons(report.Comparisons);
        }
    }

    /// <summary>Adds every answer to a task.</summary>
    /// <param name="document">The document.</param>
    /// <param name="samples">The answers.</param>
    public static void AddSamples(JsonObject document, TaskSamples samples)
    {
        string key = samples.IsTeacher ? "teacher_samples" : "samples";
        document.TryAdd(key, new JsonObject());
        document[key]![samples.Task.Task] = new JsonArray([.. HarnessSamples.ToJson(samples)]);
    }

    private static JsonNode ToJson(PerplexityResult result) => double.IsFinite(result.NegativeLogLikelihood)
        ? Row(result)
        : throw new NumericalException(
            $"{result.File}: the model's logits are not finite numbers; its weights are damaged");

    private static JsonObject Row(PerplexityResult result) => new()
    {
        ["file"] = result.File,
        ["convention"] = result.Convention,
        ["window"] = result.Window,
        ["ppl"] = result.Perplexity,
        ["nll"] = result.NegativeLogLikelihood,
        ["stderr"] = result.PerplexityStandardError,
        ["nll_stderr"] = result.StandardError,
        ["tokens"] = result.Tokens,
        ["accuracy"] = result.Accuracy,
        ["accuracy_stderr"] = result.AccuracyStandardError,
    };

    private static JsonNode ToJson(ComparisonResult result) => new JsonObject
    {
        ["file"] = result.Student.File,
        ["kl"] = result.Divergence,
        ["kl_stderr"] = result.DivergenceStandardError,
        ["agreement"] = result.Agreement,
        ["agreement_stderr"] = result.AgreementStandardError,
        ["nll_difference"] = result.LossDifference,
        ["nll_difference_stderr"] = result.LossDifferenceStandardError,
    };
}
