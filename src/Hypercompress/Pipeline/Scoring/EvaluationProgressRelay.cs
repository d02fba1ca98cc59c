using Hypercompress.Evaluation;
using Hypercompress.Phases;

namespace Hypercompress.Pipeline.Scoring;

/// <summary>
/// Passes the progress of an evaluation on to its phase, and at the end of each text the divergences of its tokens.
/// </summary>
/// <param name="phase">The phase.</param>
internal sealed class EvaluationProgressRelay(PhaseProgress phase) : IProgress<EvaluationProgress>
{
    // Where both models say the same, what is left is rounding, of either sign.
    private const double Rounding = 1e-9;

    private readonly List<double> _logarithms = [];
    private int _texts;

    /// <inheritdoc/>
    public void Report(EvaluationProgress value)
    {
        ArgumentNullException.ThrowIfNull(value);
        phase.Report(value.Done, value.Total, $"{value.Unit} of {Path.GetFileName(value.Subject)}");
        _logarithms.AddRange(value.Divergences.Select(each => Math.Log10(Math.Max(each, Rounding))));
        if (value.Done == value.Total && _logarithms.Count > 0)
        {
            phase.Distribute(MeasuredSeries.TokenDivergences, _texts++, [.. _logarithms]);
            _logarithms.Clear();
        }
    }
}
