using Hypercompress.Artifacts;
using Hypercompress.Evaluation;
using Hypercompress.Evaluation.Benchmarks.Results;
using Hypercompress.Evaluation.Benchmarks.Tasks;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Packages;
using Hypercompress.Phases;
using Hypercompress.Pipeline.Runs;
using Hypercompress.Reporting;

namespace Hypercompress.Pipeline.Saving;

/// <summary>The scores on benchmark tasks as files of an artifact.</summary>
/// <param name="options">How teacher and student were scored.</param>
/// <param name="clock">The clock of the run.</param>
internal sealed class TaskScoreFiles(EvaluationOptions options, TimeProvider clock)
{
    /// <summary>Writes the files.</summary>
    /// <param name="state">The results of the phases.</param>
    /// <param name="record">Time, memory and notes of the run.</param>
    /// <returns>Texts by file name; none when no task was run.</returns>
    public IEnumerable<KeyValuePair<string, string>> Write(PipelineState state, RunRecord record)
    {
        if (state.Evaluation.Tasks is { Teacher: { } teacher } report)
        {
            LanguageModel model = state.Bundle.Teacher;
            yield return new(
                ArtifactLayout.Scores, Write(report.Student, $"{model.Label} (compressed)", model, record));
            yield return new(ArtifactLayout.TeacherScores, Write(teacher, model.Label, model, record));
        }
    }

    private string Write(TaskScores scores, string name, LanguageModel model, RunRecord record)
    {
        RunTimes times = record.Times();
        double seconds = times.Phases.Where(phase => phase.Phase == Phase.Evaluation).Sum(phase => phase.Seconds);
        var scored = new ScoredModel(
            name,
            Math.Min(options.MaxLength ?? model.MaxContext, model.MaxContext),
            model.Decoder.Device.ToString(),
            clock.GetUtcNow().AddSeconds(-times.Seconds),
            seconds);
        TaskSelection selection = TaskLibrary.Select(options.AllTasks);
        return HarnessResults.Write(scores, selection, options, scored).ToJsonString(PlainJson.Indented) + "\n";
    }
}
