using System.Globalization;
using Hypercompress.Evaluation;
using Hypercompress.Evaluation.Perplexity;
using Hypercompress.Evaluation.Suite;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Transformer;
using Hypercompress.NumberFormats;
using Hypercompress.Phases;
using Hypercompress.Pipeline.Runs;
using Hypercompress.Planning;

namespace Hypercompress.Pipeline.Scoring;

/// <summary>Phase 7: scores teacher and student on the same texts and tasks.</summary>
/// <param name="options">The section <c>evaluation</c>.</param>
/// <param name="suite">Runs the evaluation.</param>
/// <param name="teacherFormat">Number format of the teacher's tensors.</param>
internal sealed class StudentScoring(EvaluationOptions options, EvaluationSuite suite, ValueFormat teacherFormat)
{
    /// <summary>Scores.</summary>
    /// <param name="teacher">The teacher.</param>
    /// <param name="source">The dense model that was compressed.</param>
    /// <param name="student">The finished student.</param>
    /// <param name="plan">Which branch worked where.</param>
    /// <param name="texts">The run's texts.</param>
    /// <param name="progress">The phase.</param>
    /// <returns>The scores.</returns>
    public EvaluationReport Run(
        LanguageModel teacher,
        DecoderModel source,
        DecoderModel student,
        CompressionPlan plan,
        RunTexts texts,
        PhaseProgress progress)
    {
        NoteCuts(texts, progress);

        // The student keeps its owner: only the names around it are new.
        EvaluationReport report = suite.Run(
            teacher,
            teacher.With(student),
            texts.Validation,
            new EvaluationProgressRelay(progress),
            cancellation: progress.Cancellation);
        Measure(report, progress);
        return report with
        {
            Ablations = new BranchAblations(options, teacherFormat)
                .Measure(source, student, plan, texts.Validation[0], progress),
        };
    }

    private static void Measure(EvaluationReport report, PhaseProgress progress)
    {
        for (int text = 0; text < report.Texts.Length; text++)
        {
            progress.Measure(MeasuredSeries.TeacherPerplexity, text, report.Texts[text].Teacher.Perplexity);
            progress.Measure(MeasuredSeries.StudentPerplexity, text, report.Texts[text].Student.Perplexity);
        }
    }

    private void NoteCuts(RunTexts texts, PhaseProgress progress)
    {
        foreach (EvaluationText text in texts.Validation.Where(text => text.Ids.Length > options.MaxTokens))
        {
            progress.Note(string.Create(
                CultureInfo.InvariantCulture,
                $"{Path.GetFileName(text.File)}: {options.MaxTokens} of {text.Ids.Length} tokens are scored "
                + $"(evaluation.max_tokens)"));
        }
    }
}
