using Hypercompress.Evaluation;
using Hypercompress.Phases;

namespace Hypercompress.Pipeline.Scoring;

/// <summary>Passes the progress of an evaluation on to its phase.</summary>
/// <param name="phase">The phase.</param>
internal sealed class EvaluationProgressRelay(PhaseProgress phase) : IProgress<EvaluationProgress>
{
    /// <inheritdoc/>
    public void Report(EvaluationProgress value) =>
        phase.Report(value.Done, value.Total, $"{value.Unit} of {Path.GetFileName(value.Subject)}");
}
