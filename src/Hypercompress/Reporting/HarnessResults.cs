using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Hypercompress.Evaluation;
using Hypercompress.Evaluation.Benchmarks.Results;
using Hypercompress.Evaluation.Benchmarks.Tasks;

namespace Hypercompress.Reporting;

/// <summary>Writes scores in the format of lm-evaluation-harness's <c>results.json</c>.</summary>
public static partial class HarnessResults
{
    private const string NotAvailable = "N/A";

    /// <summary>Writes the scores of a model.</summary>
    /// <param name="scores">The scores.</param>
    /// <param name="selection">The tasks and groups that were run.</param>
    /// <param name="options">How they were run.</param>
    /// <param name="model">The model and the run.</param>
    /// <returns>The document.</returns>
    public static JsonObject Write(
        TaskScores scores, TaskSelection selection, EvaluationOptions options, ScoredModel model)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(selection);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(model);
        GroupResult[] scored = [.. scores.Groups.Where(whole => !whole.Metrics.IsEmpty)];
        var document = new JsonObject
        {
            ["results"] = Map(
                scores.Tasks.Select(task => Named(task.Task, Row(task.Task, task.Documents, task.Metrics))).Concat(
                    scores.Groups.Select(
                        whole => Named(whole.Group, Row(whole.Group, whole.Documents, whole.Metrics))))),
        };
        if (scored.Length > 0)
        {
            document["groups"] = Map(
                scored.Select(whole => Named(whole.Group, Row(whole.Group, whole.Documents, whole.Metrics))));
        }

        document["group_subtasks"] = Map(scores.Groups.Select(whole => Named(whole.Group, Texts(whole.Tasks))));
        document["configs"] = Map(
            selection.Tasks.Zip(scores.Tasks, (task, result) => Named(task.Task, Config(task, result.Shots))));
        document["versions"] = Map(
            scores.Tasks.Select(task => Named(task.Task, JsonValue.Create(task.Version)))
                .Concat(scores.Groups.Select(whole => Named(whole.Group, JsonValue.Create(whole.Version)))));
        document["n-shot"] = Map(scores.Tasks.Select(task => Named(task.Task, JsonValue.Create(task.Shots))));
        document["higher_is_better"] = Map(scores.Tasks.Select(task => Named(task.Task, Directions(task.Metrics)))
            .Concat(scored.Select(whole => Named(whole.Group, Directions(whole.Metrics)))));
        document["n-samples"] = Map(scores.Tasks.Select(task => Named(
            task.Task, new JsonObject { ["original"] = task.Total, ["effective"] = task.Documents })));
        AddRun(document, options, model);
        return document;
    }

    private static void AddRun(JsonObject document, EvaluationOptions options, ScoredModel model)
    {
        document["config"] = new JsonObject
        {
            ["model"] = "hypercompress",
            ["model_args"] = $"pretrained={model.Name}",
            ["batch_size"] = null,
            ["device"] = model.Device,
            ["use_cache"] = null,
            ["limit"] = options.Limit,
            ["bootstrap_iters"] = options.BootstrapIterations,
            ["gen_kwargs"] = null,
            ["fewshot_seed"] = options.FewshotSeed,
        };
        document["date"] = model.Started.ToUnixTimeMilliseconds() / 1000.0;
        document["max_length"] = model.MaxLength;
        document["model_source"] = "hypercompress";
        document["model_name"] = model.Name;
        document["model_name_sanitized"] = OutsideOfNames().Replace(model.Name, "__");
        document["total_evaluation_time_seconds"] = model.Seconds.ToString(CultureInfo.InvariantCulture);
    }

    private static JsonObject Row(string name, int documents, IEnumerable<MetricResult> metrics)
    {
        var row = new JsonObject { ["name"] = name, ["alias"] = name, ["sample_len"] = documents };
        foreach (MetricResult metric in metrics)
        {
            row[$"{metric.Name},{metric.Filter}"] = TaskJson.Number(metric.Value);
            row[$"{metric.Name}_stderr,{metric.Filter}"] =
                TaskJson.Number(metric.StandardError) ?? JsonValue.Create(NotAvailable);
        }

        return row;
    }

    private static JsonObject Directions(IEnumerable<MetricResult> metrics) => Map(metrics
        .DistinctBy(metric => metric.Name)
        .Select(metric => Named(metric.Name, JsonValue.Create(metric.HigherIsBetter))));

    private static JsonObject Config(TaskDefinition task, int shots) => new()
    {
        ["task"] = task.Task,
        ["test_split"] = task.Split,
        ["fewshot_split"] = task.Fewshot.Split,
        ["description"] = task.Description,
        ["doc_to_text"] = task.Contexts.IsEmpty ? task.Prompt : Texts(task.Contexts),
        ["doc_to_target"] = task.Target,
        ["doc_to_choice"] = task.ChoicesFrom is { } list ? list : task.Choices.IsEmpty ? null : Texts(task.Choices),
        ["target_delimiter"] = task.TargetDelimiter,
        ["fewshot_delimiter"] = task.FewshotDelimiter,
        ["num_fewshot"] = shots,
        ["output_type"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(task.Output.ToString()),
        ["metric_list"] = new JsonArray(
                [.. task.Metrics.Select(metric => (JsonNode)new JsonObject { ["metric"] = metric })]),
        ["metadata"] = new JsonObject { ["version"] = task.Version },
    };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);

    private static KeyValuePair<string, JsonNode?> Named(string name, JsonNode? value) => new(name, value);

    private static JsonObject Map(IEnumerable<KeyValuePair<string, JsonNode?>> members) => new(members);

    [GeneratedRegex("[\"<>:/|\\\\?*\\[\\]]+")]
    private static partial Regex OutsideOfNames();
}
