using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer;

namespace Hypercompress.Evaluation;

/// <summary>The evaluation phase: everything that is measured of a finished student, beside its teacher.</summary>
/// <param name="options">How perplexity is measured.</param>
public sealed class EvaluationSuite(EvaluationOptions options)
{
    /// <summary>Measures.</summary>
    /// <param name="teacher">The original.</param>
    /// <param name="student">The compressed one.</param>
    /// <param name="texts">Validation texts; none gives an empty report.</param>
    /// <param name="progress">Told after every window; none by default.</param>
    /// <param name="cancellation">Stops between windows.</param>
    /// <returns>The measurements.</returns>
    /// <exception cref="CheckpointException">A text has fewer than two tokens.</exception>
    /// <exception cref="ConfigurationException">The vocabularies differ, or a token is outside of them.</exception>
    /// <exception cref="NumericalException">A loss is NaN or infinite.</exception>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    public EvaluationReport Run(
        DecoderModel teacher,
        DecoderModel student,
        IReadOnlyList<EvaluationText> texts,
        IProgress<EvaluationProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var comparison = new ModelComparison(options);
        return new EvaluationReport(
            [.. texts.Select(text => comparison.Compare(teacher, student, text, progress, cancellation))]);
    }
}
