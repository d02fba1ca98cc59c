namespace Hypercompress.Planning;

/// <summary>The sites of a plan that have the same treatment, in sums.</summary>
/// <param name="Treatment">Names of the branches whose offers were taken, joined by <c>+</c>, with <c>stacked</c> after
/// one
/// that treats several sites together; <c>keep</c> for none.</param>
/// <param name="Sites">Number of these sites.</param>
/// <param name="Elements">Elements of their matrices.</param>
/// <param name="Bytes">Planned bytes.</param>
/// <param name="PredictedLoss">Predicted loss in nats per token.</param>
public sealed record PlanShare(string Treatment, int Sites, long Elements, long Bytes, double PredictedLoss)
{
    /// <summary>Stored bits per element of the dense matrices.</summary>
    public double BitsPerElement => 8.0 * Bytes / Elements;
}
