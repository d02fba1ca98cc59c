namespace Hypercompress.Sequential;

/// <summary>Drift measured on two halves of the tokens, so that a fit to one half can be judged on the other.</summary>
/// <param name="First">The means of every other batch, from the first one on.</param>
/// <param name="Second">
/// The means of the other batches; those of the first half again where there is one batch only.
/// </param>
internal sealed record DriftHalves(DriftMoments First, DriftMoments Second)
{
    /// <summary>The mean of both halves, in the caller's scope.</summary>
    internal DriftMoments Mean() => First.MeanWith(Second);
}
