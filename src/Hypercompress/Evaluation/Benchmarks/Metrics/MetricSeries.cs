using System.Collections.Immutable;
using Hypercompress.Evaluation.Benchmarks.Results;
using Hypercompress.Evaluation.Benchmarks.Scoring;
using Hypercompress.Evaluation.Benchmarks.Tasks;
using Hypercompress.Evaluation.Statistics;

namespace Hypercompress.Evaluation.Benchmarks.Metrics;

/// <summary>A metric of one model over the documents of a task.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Filter">The filter that found the answers.</param>
/// <param name="Scores">The contribution of every document.</param>
internal sealed record MetricSeries(TaskMetric Metric, string Filter, DocumentScore[] Scores)
{
    /// <summary>All metrics of a task, for each of its filters.</summary>
    public static MetricSeries[] Of(TaskDefinition task, ImmutableArray<ItemOutcome> outcomes) =>
    [
        .. from filter in task.FiltersOrNone
           from name in task.Metrics
           let metric = TaskMetrics.Find(name, task.Output)!
           select new MetricSeries(
               metric,
               filter?.Name ?? AnswerFilter.None,
               [.. outcomes.Select(outcome => metric.Score(task, outcome, Answers.Filtered(filter, outcome)))]),
    ];

    /// <summary>The metric with its standard error.</summary>
    /// <param name="iterations">Resamples of a bootstrap.</param>
    public MetricResult Result(int iterations) => new(
        Metric.Name, Filter, Metric.Aggregate(Scores), Metric.StandardError(Scores, iterations), Metric.HigherIsBetter);

    /// <summary>This less another model's, document by document.</summary>
    /// <param name="teacher">The same metric of the other model.</param>
    /// <param name="iterations">Resamples of a bootstrap.</param>
    public MetricDifference DifferenceFrom(MetricSeries teacher, int iterations) => new(
        Metric.Name,
        Filter,
        Metric.Aggregate(Scores) - Metric.Aggregate(teacher.Scores),
        Metric.DifferenceError(teacher.Scores, Scores, iterations));
}
