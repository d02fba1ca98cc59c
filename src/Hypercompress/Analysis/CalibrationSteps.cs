namespace Hypercompress.Analysis;

/// <summary>Counts the work of passes over calibration text, in tokens of one layer.</summary>
/// <param name="layers">Layers of the model.</param>
/// <param name="report">Told the tokens that went through the whole model, and parts of that.</param>
/// <param name="cancellation">Stops between steps.</param>
internal sealed class CalibrationSteps(int layers, Action<long> report, CancellationToken cancellation)
{
    private long _done;

    /// <summary>Begins a step.</summary>
    /// <exception cref="OperationCanceledException">The pass was cancelled.</exception>
    internal void Begin() => cancellation.ThrowIfCancellationRequested();

    /// <summary>Counts a step through one layer.</summary>
    internal void EndLayer(long tokens) => report((_done += tokens) / layers);
}
