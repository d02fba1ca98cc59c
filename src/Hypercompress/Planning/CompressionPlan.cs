using System.Collections.Immutable;
using Hypercompress.Planning.Offers;

namespace Hypercompress.Planning;

/// <summary>
/// For every site, which offers were taken. Numbers only: it can be saved, read, edited and carried out.
/// </summary>
/// <param name="AskedRatio">The ratio that was asked for: teacher bytes / student bytes.</param>
/// <param name="TeacherBytes">Bytes of the teacher's weights as published.</param>
/// <param name="FixedBytes">Bytes that are kept in any case: norms and biases.</param>
/// <param name="Structural">Whether low-rank factors are stored as factors.</param>
/// <param name="Notes">Decisions that the planner made by itself, in words.</param>
/// <param name="Sites">One assignment per site, in the order of the decoder.</param>
public sealed record CompressionPlan(
    double AskedRatio,
    long TeacherBytes,
    long FixedBytes,
    bool Structural,
    ImmutableArray<string> Notes,
    ImmutableArray<SiteAssignment> Sites)
{
    /// <summary>
    /// What was measured of the model when the plan was made: it turns predicted losses into a perplexity, so that a
    /// plan that was saved is carried out without measuring again. Null where the plan was not made from offers.
    /// </summary>
    public LossModel? Measured { get; init; }

    /// <summary>Bytes of the planned student's weights.</summary>
    public long Bytes => FixedBytes + Sites.Sum(site => site.Bytes);

    /// <summary>The ratio that the plan reaches.</summary>
    public double Ratio => (double)TeacherBytes / Bytes;

    /// <summary>Sum of the sites' predicted errors, nats per token.</summary>
    public double PredictedError => Sites.Sum(site => site.PredictedError);

    /// <summary>Sum of the sites' predicted losses, nats per token.</summary>
    public double PredictedLoss => Sites.Sum(site => site.PredictedLoss);

    /// <summary>Cost of running the planned student.</summary>
    public InferenceCost Cost => InferenceCost.Sum(Sites.Select(site => site.Cost));
}
