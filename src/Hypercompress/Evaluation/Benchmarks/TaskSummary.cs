using System.Collections.Immutable;
using Hypercompress.Evaluation.Benchmarks.Metrics;
using Hypercompress.Evaluation.Benchmarks.Results;
using Hypercompress.Evaluation.Benchmarks.Scoring;
using Hypercompress.Evaluation.Benchmarks.Tasks;
using Hypercompress.Evaluation.Statistics;

namespace Hypercompress.Evaluation.Benchmarks;

/// <summary>Turns the answers of one task after the other into scores.</summary>
/// <param name="selection">The tasks and their groups.</param>
/// <param name="iterations">Resamples of a bootstrap.</param>
internal sealed class TaskSummary(TaskSelection selection, int iterations)
{
    private readonly List<TaskResult> _students = [];
    private readonly List<TaskResult> _teachers = [];
    private readonly List<TaskComparison> _comparisons = [];

    /// <summary>Adds a task.</summary>
    /// <param name="task">The task.</param>
    /// <param name="answers">The answers of the models.</param>
    public void Add(PreparedTask task, TaskAnswers answers)
    {
        MetricSeries[][] series = [.. answers.Outcomes.Select(model => MetricSeries.Of(task.Definition, model))];
        _students.Add(Result(task, answers, series[^1]));
        if (answers.Outcomes is [var teacher, var student])
        {
            _teachers.Add(Result(task, answers, series[0]));
            _comparisons.Add(new TaskComparison(
                task.Definition.Task,
                [.. series[1]
                    .Zip(series[0], (ofStudent, ofTeacher) => ofStudent.DifferenceFrom(ofTeacher, iterations))],
                Agreement(task.Definition, teacher, student),
                Estimate.Of(answers.Distance?.Divergence),
                Estimate.Of(answers.Distance?.Agreement)));
        }
    }

    /// <summary>The scores of all tasks and groups.</summary>
    public TaskReport ToReport()
    {
        var groups = new GroupSummary(selection);
        TaskScores? teachers = _teachers.Count == 0 ? null : groups.Scores(_teachers);
        return new TaskReport(
            groups.Scores(_students), teachers, [.. _comparisons, .. groups.Compare(_comparisons, _students)]);
    }

    private TaskResult Result(PreparedTask task, TaskAnswers answers, MetricSeries[] series) => new(
        task.Definition.Task,
        task.Definition.Version,
        task.Shots,
        task.Items.Length,
        task.Total,
        answers.Truncated,
        [.. series.Select(metric => metric.Result(iterations))]);

    private static Estimate? Agreement(
        TaskDefinition task, ImmutableArray<ItemOutcome> teacher, ImmutableArray<ItemOutcome> student)
    {
        var mean = new MeanEstimate();
        foreach ((ItemOutcome ofTeacher, ItemOutcome ofStudent) in teacher.Zip(student))
        {
            if (Answers.Of(task, ofTeacher) is { } answer)
            {
                mean.AddWindow([answer == Answers.Of(task, ofStudent) ? 1 : 0]);
            }
        }

        return mean.Count == 0 ? null : Estimate.Of(mean);
    }
}
