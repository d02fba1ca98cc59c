using System.Collections.Immutable;
using Hypercompress.Evaluation.Benchmarks.Results;
using Hypercompress.Evaluation.Benchmarks.Scoring;
using Hypercompress.Evaluation.Benchmarks.Tasks;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;

namespace Hypercompress.Evaluation.Benchmarks;

/// <summary>Benchmark tasks, one after the other, with the semantics of lm-evaluation-harness 0.4.13.</summary>
public sealed class TaskSuite
{
    private readonly EvaluationOptions _options;

    /// <summary>Selects the tasks.</summary>
    /// <param name="options">Names of tasks, folder of documents, limit, shots, seed, resamples.</param>
    /// <exception cref="ConfigurationException">A task is not known, or its file is wrong.</exception>
    public TaskSuite(EvaluationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        Selection = TaskLibrary.Select(options.AllTasks);
    }

    /// <summary>Selects tasks, and adds tasks that were defined in code.</summary>
    /// <param name="options">As for the other constructor; it need not name a task.</param>
    /// <param name="tasks">The tasks of one's own; they come after those that are named.</param>
    /// <exception cref="ConfigurationException">
    /// A definition is incomplete or has the name of another task, or there is no folder of documents.
    /// </exception>
    public TaskSuite(EvaluationOptions options, IEnumerable<TaskDefinition> tasks)
        : this(options)
    {
        Selection = OwnTasks.AddTo(Selection, tasks);
        if (options.DataDir is null)
        {
            throw new ConfigurationException(
                "evaluation.data_dir is needed: the folder that holds the tasks' documents, <task>/<split>.jsonl");
        }
    }

    /// <summary>The tasks.</summary>
    public TaskSelection Selection { get; }

    /// <summary>
    /// Reads every document of every task and forgets it again, so that what is wrong with them shows before hours of
    /// work.
    /// </summary>
    /// <exception cref="CheckpointException">
    /// A file is missing or malformed, or a document has no right answer.
    /// </exception>
    /// <exception cref="ConfigurationException">There are too few examples, or a template is malformed.</exception>
    public void Check()
    {
        foreach (TaskDefinition task in Selection.Tasks)
        {
            new TaskPreparation(_options).Prepare(task);
        }
    }

    /// <summary>Has models answer.</summary>
    /// <param name="student">The model.</param>
    /// <param name="teacher">Its teacher, which answers the same documents; null for none.</param>
    /// <param name="progress">Told how far it is; null for nobody.</param>
    /// <param name="onSamples">Given every answer once a task is done, per model; null for nobody.</param>
    /// <param name="cancellation">Stops between passes.</param>
    /// <returns>The scores.</returns>
    /// <exception cref="CheckpointException">
    /// A file is missing or malformed, or a document has no right answer.
    /// </exception>
    /// <exception cref="ConfigurationException">
    /// The model has no tokenizer or another vocabulary than its teacher, or a task does not fit it.
    /// </exception>
    /// <exception cref="NumericalException">A model's logits are not finite.</exception>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    public TaskReport Run(
        LanguageModel student,
        LanguageModel? teacher,
        IProgress<EvaluationProgress>? progress = null,
        Action<TaskSamples>? onSamples = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(student);
        var models = new ModelPair(student, teacher, _options.MaxLength);
        var summary = new TaskSummary(Selection, _options.BootstrapIterations);
        foreach (TaskDefinition definition in Selection.Tasks)
        {
            PreparedTask task = new TaskPreparation(_options).Prepare(definition);
            TaskAnswers answers = Answer(task, models, progress, cancellation);
            summary.Add(task, answers);
            foreach (
                (ImmutableArray<ItemOutcome> outcomes, int model) in answers.Outcomes.Select(
                (one, model) => (one, model)))
            {
                onSamples?.Invoke(new TaskSamples(definition, model < answers.Outcomes.Length - 1, outcomes));
            }
        }

        return summary.ToReport();
    }

    private static TaskAnswers Answer(
        PreparedTask task, ModelPair models, IProgress<EvaluationProgress>? progress, CancellationToken cancellation)
    {
        int done = 0;
        return new TaskScorer(models).Answer(
            task,
            count => progress?.Report(
                new EvaluationProgress(task.Definition.Task, "documents", done += count, task.Items.Length)),
            cancellation);
    }
}
