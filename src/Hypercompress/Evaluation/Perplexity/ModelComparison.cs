using System.Globalization;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Head;
using Hypercompress.Processes;
using static TorchSharp.torch;

namespace Hypercompress.Evaluation.Perplexity;

/// <summary>
/// Scores teacher and student in one run over the same windows, and measures the distance between their predictions.
/// </summary>
/// <param name="options">
/// Convention, window, stride and limit. Windows never exceed what both models were made for.
/// </param>
public sealed class ModelComparison(EvaluationOptions options)
{
    /// <summary>The processes that each read some of the windows.</summary>
    internal IProcessGroup Processes { get; init; } = SingleProcess.Instance;

    /// <summary>Compares two models on a text.</summary>
    /// <param name="teacher">The original.</param>
    /// <param name="student">The compressed one; same vocabulary.</param>
    /// <param name="text">The text; one that is shorter than a window is one window.</param>
    /// <param name="progress">Told after every window; none by default.</param>
    /// <param name="cancellation">Stops between windows.</param>
    /// <returns>Both scores and the distance.</returns>
    /// <exception cref="CheckpointException">The text has fewer than two tokens.</exception>
    /// <exception cref="ConfigurationException">The vocabularies differ, or a token is outside of them.</exception>
    /// <exception cref="NumericalException">A loss is NaN or infinite; the message has the window's number.</exception>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    public ComparisonResult Compare(
        DecoderModel teacher,
        DecoderModel student,
        EvaluationText text,
        IProgress<EvaluationProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(text);
        CheckVocabularies(teacher.Config.VocabularySize, student.Config.VocabularySize);
        using var noGrad = no_grad();
        var cut = new TextWindows(text, options, teacher, student);
        var scores = new PairScores(text, cut.Options);
        new WindowRounds(Processes).Run(
            cut.Windows,
            scores.Pending,
            window =>
            {
                cancellation.ThrowIfCancellationRequested();
                ScoreWindow(teacher, student, cut, window, scores);
            },
            index =>
            {
                double[] divergences = scores.EndWindow(index + 1);
                progress?.Report(new EvaluationProgress(text.File, "windows", index + 1, cut.Windows.Length)
                {
                    Divergences = divergences,
                });
            });
        return scores.Result();
    }

    private static void CheckVocabularies(int teacher, int student)
    {
        if (teacher != student)
        {
            throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture,
                $"the vocabulary of the teacher has {teacher} tokens, that of the student {student}; only models of "
                + $"one vocabulary can be compared"));
        }
    }

    private static void ScoreWindow(
        DecoderModel teacher, DecoderModel student, TextWindows cut, TokenWindow window, PairScores scores)
    {
        using var scope = NewDisposeScope();
        using var teacherPass = new WindowPass(teacher, cut, window);
        using var studentPass = new WindowPass(student, cut, window);
        Tensor targets = cut.Targets(window, teacher.Device);
        foreach (HeadChunk chunk in teacherPass.Chunks)
        {
            using var part = NewDisposeScope();
            scores.Score(
                teacherPass.LogProbabilities(chunk),
                studentPass.LogProbabilities(chunk).to(teacher.Device),
                chunk.Of(targets));
        }
    }
}
