using System.Collections.Immutable;
using Hypercompress.Evaluation.Benchmarks.Scoring;
using Hypercompress.Evaluation.Benchmarks.Tasks;
using Hypercompress.Evaluation.Statistics;

namespace Hypercompress.Evaluation.Benchmarks.Metrics;

/// <summary>The metrics that a task can have, as lm-evaluation-harness defines them.</summary>
internal static class TaskMetrics
{
    private static readonly ImmutableArray<TaskMetric> Known =
    [
        OfChoice("acc", Answers.Choice),
        OfChoice("acc_norm", Answers.ChoicePerCharacter),
        OfChoice("acc_bytes", Answers.ChoicePerByte),
        OfChoices("f1", Aggregates.F1),
        OfChoices("mcc", Aggregates.Mcc),
        new(
            "perplexity",
            TaskOutputType.Loglikelihood,
            HigherIsBetter: false,
            (_, outcome, _) => new(outcome.Likelihoods[0].LogLikelihood),
            Aggregates.Perplexity,
            ErrorKind.Bootstrap),
        new(
            "acc",
            TaskOutputType.Loglikelihood,
            HigherIsBetter: true,
            (_, outcome, _) => One(outcome.Likelihoods[0].IsGreedy),
            Aggregates.Mean,
            ErrorKind.Mean),
        OfText("word_perplexity", item => item.Words, Aggregates.WeightedPerplexity),
        OfText("byte_perplexity", item => item.Bytes, Aggregates.WeightedPerplexity),
        OfText("bits_per_byte", item => item.Bytes, Aggregates.BitsPerByte),
        new(
            "exact_match",
            TaskOutputType.GenerateUntil,
            HigherIsBetter: true,
            (task, outcome, answer) => One(task.ExactMatch.AreEqual(answer!, outcome.Item.Target)),
            Aggregates.Mean,
            ErrorKind.Mean),
    ];

    /// <summary>The metric of a name, or null.</summary>
    public static TaskMetric? Find(string name, TaskOutputType output) =>
        Known.FirstOrDefault(metric => metric.Name == name && metric.Output == output);

    /// <summary>Names of the metrics of an output type.</summary>
    /// <param name="output">The output type of a task.</param>
    internal static IEnumerable<string> NamesOf(TaskOutputType output) =>
        Known.Where(metric => metric.Output == output).Select(metric => metric.Name);

    private static TaskMetric OfChoice(string name, Func<ItemOutcome, int> choose) => new(
        name,
        TaskOutputType.MultipleChoice,
        HigherIsBetter: true,
        (_, outcome, _) => One(choose(outcome) == outcome.Item.Gold),
        Aggregates.Mean,
        ErrorKind.Mean);

    private static TaskMetric OfChoices(string name, Func<ReadOnlySpan<DocumentScore>, double> aggregate) => new(
        name,
        TaskOutputType.MultipleChoice,
        HigherIsBetter: true,
        (_, outcome, _) => new(outcome.Item.Gold, Answers.Choice(outcome)),
        aggregate,
        ErrorKind.Bootstrap);

    private static TaskMetric OfText(
        string name, Func<TaskItem, int> count, Func<ReadOnlySpan<DocumentScore>, double> aggregate) => new(
        name,
        TaskOutputType.LoglikelihoodRolling,
        HigherIsBetter: false,
        (_, outcome, _) => new(outcome.Likelihoods[0].LogLikelihood, count(outcome.Item)),
        aggregate,
        ErrorKind.None);

    private static DocumentScore One(bool isRight) => new(isRight ? 1 : 0);
}
