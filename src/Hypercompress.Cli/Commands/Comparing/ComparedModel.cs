using System.Text.Json.Nodes;
using Hypercompress.Evaluation.Perplexity;

namespace Hypercompress.Cli.Commands.Comparing;

/// <summary>A model's entry in the document of <c>compare</c>.</summary>
internal static class ComparedModel
{
    /// <summary>An artifact, by its report.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="report">Its <c>report.json</c>.</param>
    /// <returns>The entry.</returns>
    public static JsonObject OfReport(string name, JsonObject report)
    {
        JsonArray texts = report["evaluation"]?["texts"] as JsonArray ?? [];
        return new JsonObject
        {
            ["name"] = name,
            ["teacher"] = report["model"]?.DeepClone(),
            ["bytes"] = report["bytes"]?["student"]?.DeepClone(),
            ["ratio"] = report["compression_ratio"]?.DeepClone(),
            ["class"] = report["quality"]?["class"]?.DeepClone(),
            ["seconds"] = report["seconds"]?.DeepClone(),
            ["texts"] = new JsonArray([.. texts.OfType<JsonObject>().Select(OfReport)]),
            ["tasks"] = Tasks(report["evaluation"]?["tasks"]?["student"]?["tasks"] as JsonArray ?? []),
        };
    }

    /// <summary>A model without a report.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="bytes">Bytes of its weights as published.</param>
    /// <returns>The entry.</returns>
    public static JsonObject OfModel(string name, long bytes) => new()
    {
        ["name"] = name,
        ["teacher"] = null,
        ["bytes"] = bytes,
        ["ratio"] = null,
        ["class"] = null,
        ["seconds"] = null,
        ["texts"] = new JsonArray(),
        ["tasks"] = new JsonObject(),
    };

    /// <summary>A model's scores on a text.</summary>
    /// <param name="result">The scores.</param>
    /// <returns>An entry of <c>texts</c>.</returns>
    public static JsonNode OfScores(PerplexityResult result) => new JsonObject
    {
        ["file"] = Path.GetFileName(result.File),
        ["convention"] = result.Convention,
        ["window"] = result.Window,
        ["tokens"] = result.Tokens,
        ["perplexity"] = result.Perplexity,
        ["perplexity_stderr"] = result.PerplexityStandardError,
        ["kl"] = null,
    };

    /// <summary>A model's scores on a text, and its distance from its teacher.</summary>
    /// <param name="result">Both.</param>
    /// <returns>An entry of <c>texts</c>.</returns>
    public static JsonNode OfComparison(ComparisonResult result)
    {
        JsonNode scores = OfScores(result.Student);
        scores["loss_difference"] = result.LossDifference;
        scores["loss_difference_stderr"] = result.LossDifferenceStandardError;
        scores["kl"] = new JsonObject
        {
            ["mean"] = result.Divergence,
            ["stderr"] = result.DivergenceStandardError,
            ["median"] = result.Quantiles?.Median,
            ["p99"] = result.Quantiles?.Percentile99,
            ["p999"] = result.Quantiles?.Percentile999,
            ["max"] = result.Quantiles?.Maximum,
            ["same_top1"] = result.Agreement,
            ["rms_dp"] = result.ProbabilityDifference,
        };
        return scores;
    }

    private static JsonNode OfReport(JsonObject text)
    {
        JsonNode? student = text["student"];
        JsonNode? quantiles = text["quantiles"];
        return new JsonObject
        {
            ["file"] = Path.GetFileName((string?)student?["file"] ?? ""),
            ["convention"] = student?["convention"]?.DeepClone(),
            ["window"] = student?["window"]?.DeepClone(),
            ["tokens"] = student?["tokens"]?.DeepClone(),
            ["perplexity"] = student?["perplexity"]?.DeepClone(),
            ["perplexity_stderr"] = student?["perplexity_standard_error"]?.DeepClone(),
            ["loss_difference"] = text["loss_difference"]?.DeepClone(),
            ["loss_difference_stderr"] = text["loss_difference_standard_error"]?.DeepClone(),
            ["kl"] = new JsonObject
            {
                ["mean"] = text["divergence"]?.DeepClone(),
                ["stderr"] = text["divergence_standard_error"]?.DeepClone(),
                ["median"] = quantiles?["median"]?.DeepClone(),
                ["p99"] = quantiles?["percentile99"]?.DeepClone(),
                ["p999"] = quantiles?["percentile999"]?.DeepClone(),
                ["max"] = quantiles?["maximum"]?.DeepClone(),
                ["same_top1"] = text["agreement"]?.DeepClone(),
                ["rms_dp"] = text["probability_difference"]?.DeepClone(),
            },
        };
    }

    private static JsonObject Tasks(JsonArray tasks)
    {
        var scores = new JsonObject();
        foreach (JsonObject task in tasks.OfType<JsonObject>())
        {
            foreach (JsonObject metric in (task["metrics"] as JsonArray ?? []).OfType<JsonObject>())
            {
                string filter = (string?)metric["filter"] is null or "none" ? "" : $",{metric["filter"]}";
                scores[$"{task["task"]}.{metric["name"]}{filter}"] = new JsonObject
                {
                    ["value"] = metric["value"]?.DeepClone(),
                    ["stderr"] = metric["standard_error"]?.DeepClone(),
                };
            }
        }

        return scores;
    }
}
