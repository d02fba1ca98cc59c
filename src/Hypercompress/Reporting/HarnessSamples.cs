using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Hypercompress.Evaluation.Benchmarks.Metrics;
using Hypercompress.Evaluation.Benchmarks.Results;
using Hypercompress.Evaluation.Benchmarks.Scoring;
using Hypercompress.Evaluation.Benchmarks.Tasks;
using Hypercompress.Evaluation.Statistics;
using Hypercompress.Models.Checkpoints;

namespace Hypercompress.Reporting;

/// <summary>
/// Writes answers in the format of lm-evaluation-harness's <c>samples_*.jsonl</c>: one line per document and filter.
/// </summary>
public static class HarnessSamples
{
    /// <summary>Writes the answers to a task.</summary>
    /// <param name="writer">Receives the lines.</param>
    /// <param name="samples">The answers.</param>
    public static void Write(TextWriter writer, TaskSamples samples)
    {
        ArgumentNullException.ThrowIfNull(writer);
        foreach (JsonObject sample in ToJson(samples))
        {
            writer.Write(sample.ToJsonString(PlainJson.Compact));
            writer.Write('\n');
        }
    }

    /// <summary>The answers to a task, one object per document and filter.</summary>
    /// <param name="samples">The answers.</param>
    /// <returns>The objects, made as they are asked for.</returns>
    public static IEnumerable<JsonObject> ToJson(TaskSamples samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        return samples.Task.FiltersOrNone.SelectMany(
            filter => samples.Outcomes.Select(outcome => ToJson(samples.Task, filter, outcome)));
    }

    private static JsonObject ToJson(TaskDefinition task, AnswerFilter? filter, ItemOutcome outcome)
    {
        TaskItem item = outcome.Item;
        string target = item.Gold >= 0 && task.Contexts.IsEmpty
            ? item.Gold.ToString(CultureInfo.InvariantCulture)
            : item.Target;
        var line = new JsonObject
        {
            ["doc_id"] = item.Index,
            ["doc"] = item.Document.DeepClone(),
            ["target"] = target,
            ["arguments"] = new JsonObject(item.Requests.Select((request, i) => KeyValuePair.Create(
                string.Create(CultureInfo.InvariantCulture, $"gen_args_{i}"), (JsonNode?)Arguments(task, request)))),
            ["resps"] = Responses(outcome, outcome.Generation, nested: true),
            ["filtered_resps"] = Responses(outcome, Answers.Filtered(filter, outcome), nested: false),
            ["filter"] = filter?.Name ?? AnswerFilter.None,
            ["metrics"] = new JsonArray([.. task.Metrics.Select(metric => JsonValue.Create(metric))]),
            ["doc_hash"] = Hash(item.Document.ToJsonString(PlainJson.Indented)),
            ["prompt_hash"] = Hash(item.Requests[0].Context),
            ["target_hash"] = Hash(target),
        };
        foreach (string name in task.Metrics)
        {
            TaskMetric metric = TaskMetrics.Find(name, task.Output)!;
            DocumentScore score = metric.Score(task, outcome, Answers.Filtered(filter, outcome));
            line[name] = metric.TakesTwo ? new JsonArray(score.Value, score.Other) : JsonValue.Create(score.Value);
        }

        return line;
    }

    private static JsonObject Arguments(TaskDefinition task, TaskRequest request)
    {
        var arguments = new JsonObject { ["arg_0"] = request.Context };
        if (task.Output == TaskOutputType.GenerateUntil)
        {
            arguments["arg_1"] = new JsonObject
            {
                ["until"] = new JsonArray([.. task.Generation.Until.Select(stop => JsonValue.Create(stop))]),
                ["do_sample"] = false,
                ["max_gen_toks"] = task.Generation.MaxTokens,
            };
        }
        else if (task.Output != TaskOutputType.LoglikelihoodRolling)
        {
            arguments["arg_1"] = request.Continuation;
        }

        return arguments;
    }

    // The harness turns what models answer into texts before it writes them.
    private static JsonArray Responses(ItemOutcome outcome, string? text, bool nested)
    {
        IEnumerable<JsonNode> answers = text is not null
            ? [JsonValue.Create(text)]
            : outcome.Likelihoods.Select(one => (JsonNode)new JsonArray(
                one.LogLikelihood.ToString("R", CultureInfo.InvariantCulture), one.IsGreedy ? "True" : "False"));
        return new JsonArray([.. answers.Select(answer => nested ? new JsonArray(answer) : answer)]);
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
