using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Hypercompress.Evaluation.Suite;
using Hypercompress.Reporting;

namespace Hypercompress.Tests.Reporting;

public sealed class ReportJsonTests
{
    [Theory]
    [InlineData("asked_ratio", 4)]
    [InlineData("compression_ratio", 4)]
    [InlineData("param_ratio", 5)]
    [InlineData("kv_ratio", 3)]
    [InlineData("flop_ratio", 1.5)]
    [InlineData("bytes.teacher", 4000)]
    [InlineData("bytes.student", 1000)]
    [InlineData("perplexity.teacher", 20)]
    [InlineData("perplexity.student", 25)]
    [InlineData("perplexity_stderr.student", 0.5)]
    [InlineData("memory.fast_bytes", 100_000_000)]
    [InlineData("memory.small_bytes", 90_000_000)]
    [InlineData("memory.cache_bytes_per_token", 1920)]
    [InlineData("seconds", 12.25)]
    [InlineData("peak_rss_bytes", 987_654_321)]
    [InlineData("evaluation.texts.0.divergence", 0.2)]
    [InlineData("sites.0.measured_error", 0.002)]
    [InlineData("sites.0.alternatives.sparsity", 0.005)]
    [InlineData("training.0.last_loss", 2)]
    [InlineData("training.0.validations.1", 9.5)]
    [InlineData("training.0.divergences.1", 0.25)]
    public void Write_Report_HasTheNumber(string path, double expected) =>
        Assert.Equal(expected, (double)Find(path)!, 1e-9);

    [Fact]
    public void Write_Report_NamesTheArtifact() => Assert.Equal("out/tiny", (string)Find("artifact")!);

    [Theory]
    [InlineData("branches.0.metrics.broken")]
    [InlineData("training.1.first_loss")]
    public void Write_NoNumber_IsNull(string path) => Assert.Null(Find(path));

    [Fact]
    public void Write_WithoutValidationText_HasNoPerplexity()
    {
        CompressionReport report = SampleReport.Create() with { Evaluation = new EvaluationReport([]) };
        JsonObject json = JsonNode.Parse(ReportJson.Write(report))!.AsObject();
        Assert.True(json.ContainsKey("perplexity"));
        Assert.Null(json["perplexity"]);
    }

    private static JsonNode? Find(string path)
    {
        JsonNode? node = JsonNode.Parse(ReportJson.Write(SampleReport.Create()));
        foreach (string key in path.Split('.'))
        {
            node = node is JsonArray array ? array[int.Parse(key)] : Member(node!.AsObject(), key);
        }

        return node;
    }

    private static JsonNode? Member(JsonObject parent, string key)
    {
        Assert.True(
            parent.ContainsKey(key), $"no key '{key}' among {string.Join(", ", parent.Select(pair => pair.Key))}");
        return parent[key];
    }
}
