using Hypercompress.Artifacts;
using Hypercompress.Evaluation;
using Hypercompress.Evaluation.Benchmarks;
using Hypercompress.Evaluation.Benchmarks.Results;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;
using Hypercompress.Reporting;

namespace Hypercompress.Cli.Output;

/// <summary>
/// The folder of <c>--out</c>: <c>results.json</c> and <c>samples_task.jsonl</c>, and the same with
/// <c>teacher_</c> before the names.
/// </summary>
internal sealed class ResultFolder
{
    private const string ResultsFile = "results.json";
    private readonly string _path;
    private readonly bool _takesSamples;
    private readonly TaskSuite _tasks;
    private readonly EvaluationOptions _options;
    private readonly TimeProvider _clock;
    private readonly DateTimeOffset _started;
    private readonly long _timestamp;

    private ResultFolder(string path, bool takesSamples, TaskSuite tasks, EvaluationOptions options, TimeProvider clock)
    {
        (_path, _takesSamples, _tasks, _options, _clock) = (path, takesSamples, tasks, options, clock);
        (_started, _timestamp) = (clock.GetUtcNow(), clock.GetTimestamp());
    }

    /// <summary>Opens the folder before anything is measured.</summary>
    /// <param name="path">Its path; made when it is not there. Null for none.</param>
    /// <param name="takesSamples">Whether every answer is written.</param>
    /// <param name="tasks">The tasks that are run, or null.</param>
    /// <param name="options">How they are run.</param>
    /// <param name="clock">The clock.</param>
    /// <returns>The folder, or null for none.</returns>
    /// <exception cref="ConfigurationException">
    /// The folder cannot be made, or the options that ask for it make no sense together.
    /// </exception>
    public static ResultFolder? Open(
        string? path, bool takesSamples, TaskSuite? tasks, EvaluationOptions options, TimeProvider clock)
    {
        if (path is null)
        {
            return null;
        }

        if (tasks is null)
        {
            throw new ConfigurationException("--out: the folder gets the scores of tasks; give --tasks NAMES as well");
        }

        try
        {
            Directory.CreateDirectory(path);
            return new ResultFolder(path, takesSamples, tasks, options, clock);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"--out {path}: the folder cannot be made: {problem.Message}", problem);
        }
    }

    /// <summary>Writes the answers to a task.</summary>
    /// <param name="samples">The answers.</param>
    /// <exception cref="ConfigurationException">The file cannot be written.</exception>
    public void Take(TaskSamples samples)
    {
        if (_takesSamples)
        {
            Write($"{Prefix(samples.IsTeacher)}samples_{samples.Task.Task}.jsonl", path =>
            {
                using StreamWriter writer = File.CreateText(path);
                HarnessSamples.Write(writer, samples);
            });
        }
    }

    /// <summary>Writes the scores.</summary>
    /// <param name="report">The scores.</param>
    /// <param name="model">The model.</param>
    /// <param name="teacher">Its teacher, or null.</param>
    /// <exception cref="ConfigurationException">A file cannot be written.</exception>
    public void Write(TaskReport report, OpenModel model, OpenModel? teacher)
    {
        WriteScores(report.Student, model, Prefix(isTeacher: false));
        if (report.Teacher is { } scores)
        {
            WriteScores(scores, teacher!, Prefix(isTeacher: true));
        }
    }

    private static string Prefix(bool isTeacher) => isTeacher ? "teacher_" : string.Empty;

    private void WriteScores(TaskScores scores, OpenModel model, string prefix)
    {
        int context = model.Model.MaxContext;
        var scored = new ScoredModel(
            model.Location,
            Math.Min(_options.MaxLength ?? context, context),
            model.Model.Decoder.Device.ToString(),
            _started,
            _clock.GetElapsedTime(_timestamp).TotalSeconds);
        Write(
            prefix + ResultsFile,
            path => JsonFile.Write(path, HarnessResults.Write(scores, _tasks.Selection, _options, scored)));
    }

    private void Write(string name, Action<string> write)
    {
        string path = Path.Combine(_path, name);
        try
        {
            write(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{path}: cannot be written: {problem.Message}", problem);
        }
    }
}
