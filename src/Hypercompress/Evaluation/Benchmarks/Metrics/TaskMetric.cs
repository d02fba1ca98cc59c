using Hypercompress.Evaluation.Benchmarks.Scoring;
using Hypercompress.Evaluation.Benchmarks.Tasks;
using Hypercompress.Evaluation.Statistics;

namespace Hypercompress.Evaluation.Benchmarks.Metrics;

/// <summary>Something that is measured of answers.</summary>
/// <param name="Name">Its name in task files and results.</param>
/// <param name="Output">What a task with it asks of a model.</param>
/// <param name="HigherIsBetter">Whether more is better.</param>
/// <param name="Score">
/// The contribution of a document, given the task, the outcome and the answer that a filter found.
/// </param>
/// <param name="Aggregate">Aggregates all contributions.</param>
/// <param name="Error">How its standard error comes about.</param>
internal sealed record TaskMetric(
    string Name,
    TaskOutputType Output,
    bool HigherIsBetter,
    Func<TaskDefinition, ItemOutcome, string?, DocumentScore> Score,
    Func<ReadOnlySpan<DocumentScore>, double> Aggregate,
    ErrorKind Error)
{
    /// <summary>Whether both numbers of a document's score count.</summary>
    public bool TakesTwo =>
        Error == ErrorKind.None || (Error == ErrorKind.Bootstrap && Output == TaskOutputType.MultipleChoice);

    /// <summary>The standard error of the metric.</summary>
    /// <param name="scores">Of all documents.</param>
    /// <param name="iterations">Resamples; 0 for none.</param>
    /// <returns>Null where there is none: a single document, or a metric without one.</returns>
    public double? StandardError(DocumentScore[] scores, int iterations) => Error switch
    {
        ErrorKind.Mean when scores.Length > 1 => OfMean([.. scores.Select(score => score.Value)]),
        ErrorKind.Bootstrap when scores.Length > 1 && iterations > 0 => Bootstrap.StandardError(
            [scores], iterations, drawn => Aggregate(drawn[0])),
        _ => null,
    };

    /// <summary>The standard error of the difference of two models on the same documents.</summary>
    /// <param name="teacher">Scores of the one.</param>
    /// <param name="student">Scores of the other, of the same documents.</param>
    /// <param name="iterations">Resamples; 0 for none.</param>
    /// <returns>Null where there is none.</returns>
    public double? DifferenceError(DocumentScore[] teacher, DocumentScore[] student, int iterations) => Error switch
    {
        ErrorKind.Mean when student.Length > 1 =>
            OfMean([.. student.Zip(teacher, (ofStudent, ofTeacher) => ofStudent.Value - ofTeacher.Value)]),
        ErrorKind.Bootstrap or ErrorKind.None when student.Length > 1 && iterations > 0 => Bootstrap.StandardError(
            [student, teacher], iterations, drawn => Aggregate(drawn[0]) - Aggregate(drawn[1])),
        _ => null,
    };

    /// <summary>Standard error of a mean: √(Σ (x − mean)² / (n − 1) / n).</summary>
    private static double OfMean(double[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1) / values.Length);
    }
}
