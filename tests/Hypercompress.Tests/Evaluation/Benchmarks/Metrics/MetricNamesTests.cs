using Hypercompress.Evaluation.Benchmarks.Metrics;
using Hypercompress.Evaluation.Benchmarks.Tasks;

namespace Hypercompress.Tests.Evaluation.Benchmarks.Metrics;

/// <summary>A task file may ask for exactly the metrics that can be computed.</summary>
public sealed class MetricNamesTests
{
    public static TheoryData<TaskOutputType> Outputs => [.. Enum.GetValues<TaskOutputType>()];

    [Theory]
    [MemberData(nameof(Outputs))]
    public void Of_AnOutputType_AreTheMetricsThatAreComputed(TaskOutputType output) =>
        Assert.Equal(TaskMetrics.NamesOf(output).Order(), MetricNames.Of(output).Order());

    [Theory]
    [MemberData(nameof(Outputs))]
    public void Find_EveryName_IsTheMetricOfThatName(TaskOutputType output) =>
        Assert.All(MetricNames.Of(output), name => Assert.Equal(name, TaskMetrics.Find(name, output)!.Name));
}
