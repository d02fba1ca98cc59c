using Hypercompress.Evaluation.Benchmarks;
using Hypercompress.Evaluation.Benchmarks.Results;
using Hypercompress.Evaluation.Perplexity;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using Hypercompress.Processes;

namespace Hypercompress.Evaluation.Suite;

/// <summary>The evaluation phase: everything that is measured of a finished student, beside its teacher.</summary>
public sealed class EvaluationSuite
{
    private readonly EvaluationOptions _options;
    private readonly TaskSuite? _tasks;

    /// <summary>Prepares.</summary>
    /// <param name="options">How perplexity is measured, and on which tasks.</param>
    /// <exception cref="ConfigurationException">A task is not known, or its file is wrong.</exception>
    public EvaluationSuite(EvaluationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _tasks = options.AllTasks.IsEmpty ? null : new TaskSuite(options);
    }

    /// <summary>The processes that each read some of the windows.</summary>
    internal IProcessGroup Processes { get; init; } = SingleProcess.Instance;

    /// <summary>Reads the documents of all tasks, so that what is wrong with them shows before hours of work.</summary>
    /// <exception cref="CheckpointException">
    /// A file is missing or malformed, or a document has no right answer.
    /// </exception>
    /// <exception cref="ConfigurationException">There are too few examples, or a template is malformed.</exception>
    public void Check() => _tasks?.Check();

    /// <summary>Measures.</summary>
    /// <param name="teacher">The original.</param>
    /// <param name="student">The compressed one.</param>
    /// <param name="texts">Validation texts; none leaves perplexity out.</param>
    /// <param name="progress">Receives a report after every window and pass; none by default.</param>
    /// <param name="onSamples">Given the answers of every task; none by default.</param>
    /// <param name="cancellation">Stops between windows and passes.</param>
    /// <returns>The measurements.</returns>
    /// <exception cref="CheckpointException">A text has fewer than two tokens, or a task's file is wrong.</exception>
    /// <exception cref="ConfigurationException">
    /// The vocabularies differ, a token is outside of them, or a task does not fit the models.
    /// </exception>
    /// <exception cref="NumericalException">A loss or likelihood is NaN or infinite.</exception>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    public EvaluationReport Run(
        LanguageModel teacher,
        LanguageModel student,
        IReadOnlyList<EvaluationText> texts,
        IProgress<EvaluationProgress>? progress = null,
        Action<TaskSamples>? onSamples = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(texts);
        var comparison = new ModelComparison(_options) { Processes = Processes };
        return new EvaluationReport(
            [.. texts.Select(
                text => comparison.Compare(teacher.Decoder, student.Decoder, text, progress, cancellation))])
        {
            Tasks = _tasks?.Run(student, teacher, progress, onSamples, cancellation),
        };
    }
}
