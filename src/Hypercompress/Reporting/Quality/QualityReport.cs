using System.Collections.Immutable;
using System.Globalization;
using Hypercompress.Evaluation.Perplexity;
using Hypercompress.Evaluation.Suite;
using Hypercompress.Reporting.Wording;

namespace Hypercompress.Reporting.Quality;

/// <summary>The quality of a student in one sentence, from the text where it lost most.</summary>
/// <param name="Class">The class; see <see cref="QualityClass"/>.</param>
/// <param name="Text">The text where the student lost most, without folders.</param>
/// <param name="LossGap">Mean loss of the student less that of the teacher on it, nats per token.</param>
/// <param name="LossGapStandardError">Standard error of the gap, from paired tokens.</param>
/// <param name="Sentence">What this means, in one sentence.</param>
/// <param name="Certain">Whether the gap is more than two standard errors away from the limits of its class.</param>
/// <param name="Peer">The measured peer that the student equals or beats; null where none is known.</param>
public sealed record QualityReport(
    string Class,
    string Text,
    double LossGap,
    double LossGapStandardError,
    string Sentence,
    bool Certain,
    PeerMatch? Peer)
{
    private const double StandardErrors = 2;

    /// <summary>All classes with their limits.</summary>
    public ImmutableArray<QualityClass> Classes => QualityClass.All;

    /// <summary>Judges a student.</summary>
    /// <param name="evaluation">Teacher and student side by side.</param>
    /// <param name="teacherBytes">Bytes of the teacher's weights as published.</param>
    /// <param name="studentBytes">Bytes of the student's weights.</param>
    /// <returns>The judgement; null without a text.</returns>
    public static QualityReport? Of(EvaluationReport evaluation, long teacherBytes, long studentBytes)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        if (evaluation.Texts.IsDefaultOrEmpty)
        {
            return null;
        }

        ComparisonResult worst = evaluation.Texts.MaxBy(text => text.LossDifference)!;
        QualityClass quality = QualityClass.Of(worst.LossDifference);
        double spread = StandardErrors * worst.LossDifferenceStandardError;
        return new QualityReport(
            quality.Name,
            Path.GetFileName(worst.Teacher.File),
            worst.LossDifference,
            worst.LossDifferenceStandardError,
            Describe(quality, worst, evaluation.Texts.Length),
            QualityClass.Of(worst.LossDifference - spread) == QualityClass.Of(worst.LossDifference + spread),
            PeerTable.BuiltIn.Match(evaluation.Texts, teacherBytes, studentBytes));
    }

    private static string Describe(QualityClass quality, ComparisonResult worst, int texts)
    {
        double percent = 100 * (Math.Exp(worst.LossDifference) - 1);
        string where = texts == 1 ? "on the validation text" : $"on the worst of {texts} validation texts";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{quality.Meaning}: its perplexity is {Math.Abs(percent):0.0} % "
            + $"{(percent < 0 ? "lower" : "higher")} than the teacher's {where} ("
            + $"{UncertainNumber.Text(worst.LossDifference, worst.LossDifferenceStandardError, isSigned: true)} "
            + $"nats per token).");
    }
}
