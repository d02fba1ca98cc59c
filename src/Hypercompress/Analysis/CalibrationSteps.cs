namespace Hypercompress.Analysis;

/// <summary>Counts what passes over calibration text have done, a token in one layer at a time.</summary>
/// <param name="layers">Layers of the model.</param>
/// <param name="report">Told the tokens that went through the whole model, and parts of that.</param>
/// <param name="cancellation">Stops between steps.</param>
internal sealed class CalibrationSteps(int layers, Action<long> report, CancellationToken cancellation)
{
    private long _done;

    /// <summary>Begins a step.</summary>
    /// <exception cref="OperationCanceledException">The pass is to stop.</exception>
    internal void Begin() => cancellation.ThrowIfCancellationRequested();

    /// <summary>Counts a step through one layer.</summary>
    internal void EndLayer(long tokens) => report((_done += tokens) / layers);

    /// <summary>Counts a step through all layers.</summary>
    internal void End(long tokens) => EndLayer(tokens * layers);
}
